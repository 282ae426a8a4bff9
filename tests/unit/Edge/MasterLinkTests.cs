using System.Text;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;

namespace RelayServer.UnitTests.Edge;

/// <summary>The edge's half of a link: numbers, what is kept, and what is sent again.</summary>
public sealed class MasterLinkTests : IDisposable
{
    private readonly MasterLink _link = new("master");
    private ulong _answered;

    [Fact]
    public void TakeReady_BeforeTheFirstRelay_Nothing()
    {
        Add("a", 0);
        Assert.Null(_link.TakeReady(0));
        Assert.Equal(RelayArrival.New, Arrive(link: 1, relayNo: 1, received: 0));
        Assert.Equal(1UL, _link.TakeReady(0)!.BatchNo);
    }

    [Fact]
    public void TakeReady_OneInFlight_TheNextWaitsForItsReturn()
    {
        Arrive(1, 1, 0);
        Add("a", 0);
        Assert.Equal(1UL, _link.TakeReady(0)!.BatchNo);
        Add("b", 0);
        Assert.Null(_link.TakeReady(0));
        Arrive(1, 2, received: 1);
        Assert.Equal(2UL, _link.TakeReady(0)!.BatchNo);
    }

    [Fact]
    public void Arrived_RelaysAreMissing_WhatIsReceivedAndUnansweredGoesAgainUnderNewNumbers()
    {
        Arrive(1, 1, 0);
        Add("a", 0);
        _link.TakeReady(0);
        Assert.Equal(RelayArrival.AfterLoss, Arrive(1, 3, received: 1, completed: 1));
        Assert.Equal(0UL, _answered);
        Assert.Equal(["a"], Channels(_link.TakeReady(0)!));
        Assert.Equal(RelayArrival.InOrder, Arrive(1, 4, received: 2, completed: 2));
        Assert.Equal((1UL, 0), (_answered, _link.HeldBytes));
    }

    [Fact]
    [Trait("Must", "R-REACT-1")]
    public void Arrived_RelaysAreMissing_SumsAndWhatIsToldAnewDoNotGoAgain()
    {
        Arrive(1, 1, 0);
        Add("interest", 0);
        _link.Add(new UpstreamRecord { Kind = UpstreamKind.Reactions, Channel = "sum"u8 }, 0);
        _link.Add(new UpstreamRecord { Kind = UpstreamKind.Presence, Channel = "presence"u8 }, 0);
        _link.Add(new UpstreamRecord { Kind = UpstreamKind.Census, Channel = "census"u8, Buckets = new byte[UpstreamRecord.CensusBytes] }, 0);
        _link.Add(new UpstreamRecord { Kind = UpstreamKind.Query, UserId = "alice"u8, QueryBody = new byte[] { 0x90 } }, 0);
        Assert.Equal(5, Channels(_link.TakeReady(0)!).Count);
        Arrive(1, 3, received: 1);
        Assert.Equal(["interest", string.Empty], Channels(_link.TakeReady(0)!));
    }

    [Fact]
    public void Arrived_NewLink_EverythingUnansweredGoesAgainInOrderFromOne()
    {
        Arrive(1, 1, 0);
        Add("a", 0);
        _link.TakeReady(0);
        Add("b", 0);
        Assert.Equal(RelayArrival.New, Arrive(2, 1, 0));
        UpstreamBatch first = _link.TakeReady(0)!;
        Assert.Equal((1UL, 1), (first.BatchNo, Channels(first).Count));
        Arrive(2, 2, received: 1);
        Assert.Equal(["b"], Channels(_link.TakeReady(0)!));
    }

    [Fact]
    public void Arrived_RelayOfAnOlderLink_ChangesNothing()
    {
        Arrive(2, 1, 0);
        Add("a", 0);
        _link.TakeReady(0);
        Assert.Equal(RelayArrival.Repeated, Arrive(1, 9, received: 5, completed: 5));
        Assert.Equal((2UL, 1UL, 0UL), (_link.Number, _link.RelayNo, _answered));
    }

    [Fact]
    public void Arrived_LinkThatTheMasterKnowsLonger_CountsOnWhereTheMasterIs()
    {
        Add("a", 0);
        Assert.Equal(RelayArrival.New, Arrive(7, 20, received: 5, completed: 5));
        Assert.Equal(6UL, _link.TakeReady(0)!.BatchNo);
        Assert.Equal(RelayArrival.InOrder, Arrive(7, 21, received: 5, completed: 5));
        Assert.Equal(0UL, _answered);
    }

    [Fact]
    public void Arrived_SameRelayTwice_SecondIsRepeated()
    {
        Arrive(1, 1, 0);
        Assert.Equal(RelayArrival.InOrder, Arrive(1, 2, 0));
        Assert.Equal(RelayArrival.Repeated, Arrive(1, 2, 0));
    }

    [Fact]
    public void Overdue_BatchThatNobodyReceived_ComesAgainUnderItsNumber()
    {
        Arrive(1, 1, 0);
        Add("a", 0);
        _link.TakeReady(0);
        Assert.Empty(_link.Overdue(99, 100));
        Assert.Equal(1UL, Assert.Single(_link.Overdue(100, 100)).BatchNo);
        Assert.Empty(_link.Overdue(150, 100));
    }

    [Fact]
    public void TakeOverheld_OldBatch_RecordsComeOutAndTheNumberStays()
    {
        Arrive(1, 1, 0);
        Add("a", 0);
        _link.TakeReady(0);
        var overheld = new List<byte[]>();
        _link.TakeOverheld(1000, 1000, overheld);
        Assert.Single(overheld);
        Assert.Equal(0, _link.HeldBytes);
        Assert.Equal(1UL, Assert.Single(_link.Overdue(5000, 100)).BatchNo);
    }

    [Fact]
    public void TakeOverheld_OldestIsTooOld_YoungerOnesComeOutBehindIt()
    {
        Add("old", 0);
        Add("young", 5000);
        var overheld = new List<byte[]>();
        _link.TakeOverheld(9_999, 10_000, overheld);
        Assert.Empty(overheld);
        _link.TakeOverheld(10_000, 10_000, overheld);
        Assert.Equal(2, overheld.Count);
        Assert.True(overheld[0].AsSpan().IndexOf("old"u8) >= 0);
        Assert.True(overheld[1].AsSpan().IndexOf("young"u8) >= 0);
        Assert.Equal(0, _link.HeldBytes);
        Assert.True(_link.MustRepeatInterests);
    }

    public void Dispose() => _link.Dispose();

    private static List<string> Channels(UpstreamBatch batch)
    {
        var channels = new List<string>();
        var reader = new RelayServer.Protocol.MessagePackReader(batch.Records);
        while (reader.RemainingBytes > 0)
        {
            channels.Add(Encoding.UTF8.GetString(UpstreamRecord.Read(ref reader, batch.Records).Channel));
        }

        return channels;
    }

    private void Add(string channel, ulong now) =>
        _link.Add(new UpstreamRecord { Kind = UpstreamKind.Interest, Channel = Encoding.UTF8.GetBytes(channel) }, now);

    private RelayArrival Arrive(ulong link, ulong relayNo, ulong received, ulong completed = 0) => _link.Arrived(
        new RelayHeader { MasterId = "master"u8, Link = link, RelayNo = relayNo, ReceivedBatchNo = received, CompletedBatchNo = completed },
        _ => _answered++);
}
