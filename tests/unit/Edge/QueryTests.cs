using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>Questions go to the masters that know, and each gets one answer, whatever happens on the way.</summary>
public sealed class QueryTests : IDisposable
{
    private const string Room = "room";
    private const int HoldMilliseconds = 3000;
    private readonly EdgeBench _bench = new(options =>
    {
        options.PublishHoldMilliseconds = HoldMilliseconds;
        options.UpstreamBytesMax = 64 * 1024;
    })
    {
        Capabilities = Capabilities.Rooms,
    };

    private uint _correlation;

    private RecordingEffects Effects => _bench.Effects;

    [Theory]
    [InlineData(FrameType.Query)]
    [InlineData(FrameType.Answer)]
    [InlineData(FrameType.Room)]
    [InlineData(FrameType.Counts)]
    [InlineData(FrameType.React)]
    [InlineData(FrameType.Reactions)]
    [Trait("Must", "R-CAP-4")]
    public void Frames_CapabilityNotAgreed_UnknownFrameType(FrameType type)
    {
        _bench.Capabilities = Capabilities.Ephemeral;
        EdgeSession session = _bench.SignIn();
        _bench.Core.Frames(session, ClientFrames.Frame(type, FrameFlags.None, 1, default), _bench.Now);
        Assert.Equal([(session.Id, ErrorCode.UnknownFrameType)], Effects.Closed);
    }

    [Theory]
    [InlineData(FrameType.Answer)]
    [InlineData(FrameType.Room)]
    [InlineData(FrameType.Counts)]
    [InlineData(FrameType.Reactions)]
    public void Frames_OfTheServer_IllegalState(FrameType type)
    {
        EdgeSession session = _bench.SignIn();
        _bench.Core.Frames(session, ClientFrames.Frame(type, FrameFlags.None, 1, default), _bench.Now);
        Assert.Equal([(session.Id, ErrorCode.IllegalState)], Effects.Closed);
    }

    [Theory]
    [InlineData(FrameFlags.AckWanted, new byte[] { 0x92, 1, 0xa1, (byte)'a' }, ErrorCode.BadFlags)]
    [InlineData(FrameFlags.None, new byte[] { 0x92, 1 }, ErrorCode.MalformedBody)]
    [InlineData(FrameFlags.None, new byte[] { 0x92, 3, 0xc0 }, ErrorCode.MalformedBody)]
    [InlineData(FrameFlags.None, new byte[0], ErrorCode.MalformedBody)]
    public void Query_BreaksTheProtocol_Closed(FrameFlags flags, byte[] body, ErrorCode code)
    {
        EdgeSession session = _bench.SignIn();
        _bench.Core.Frames(session, ClientFrames.Frame(FrameType.Query, flags, 1, body), _bench.Now);
        Assert.Equal([(session.Id, code)], Effects.Closed);
    }

    [Theory]
    [InlineData((QueryKind)9, "room", ErrorCode.BadArgument)]
    [InlineData((QueryKind)0, "", ErrorCode.BadArgument)]
    [InlineData(QueryKind.Status, "", ErrorCode.BadChannelName)]
    [InlineData(QueryKind.Members, "", ErrorCode.BadChannelName)]
    [InlineData(QueryKind.Members, "no name", ErrorCode.BadChannelName)]
    [InlineData(QueryKind.Restrictions, "", ErrorCode.BadChannelName)]
    [Trait("Must", "R-QUERY-1")]
    [Trait("Must", "R-QUERY-2")]
    public void Query_AsksForNothingThatThereIs_Refused(QueryKind what, string channel, ErrorCode code)
    {
        EdgeSession session = SignedIn();
        uint correlation = Ask(session, what, channel);
        Assert.Equal([(correlation, code)], Errors());
        Assert.Equal((channel == Room ? Room : "", null), Names(Assert.Single(Effects.Sent).Body));
        Assert.Empty(Asked());
    }

    [Fact]
    [Trait("Must", "R-QUERY-1")]
    public void Query_OfARoom_ForwardedWithUserAndRoleAndAnswered()
    {
        EdgeSession session = SignedIn("alice", Role.Service);
        uint correlation = Ask(session, QueryKind.Status, Room);
        Assert.Equal(["Query alice role 3"], Asked());
        Answer(session, correlation);
        Answer(session, correlation);
        Assert.Equal([(FrameType.Answer, correlation)], Effects.Sent.Select(sent => (sent.Type, sent.Correlation)));
        Assert.Equal([0x91, 1], Effects.Sent[0].Body);
        Pass(2 * HoldMilliseconds);
        Assert.Single(Effects.Sent);
    }

    [Fact]
    [Trait("Must", "R-QUERY-1")]
    public void Query_RefusedByTheMaster_RefusedOnce()
    {
        EdgeSession session = SignedIn();
        uint correlation = Ask(session, QueryKind.Members, Room);
        Refuse(session, correlation, ErrorCode.Banned);
        Refuse(session, correlation, ErrorCode.Banned);
        Answer(session, correlation);
        Assert.Equal([(correlation, ErrorCode.Banned)], Errors());
        Assert.Single(Effects.Sent);
    }

    [Fact]
    [Trait("Must", "R-QUERY-1")]
    public void Query_RelaysAreLost_AskedAgainAndAnsweredOnce()
    {
        EdgeSession session = SignedIn();
        uint correlation = Ask(session, QueryKind.Status, Room);
        _bench.ReceiveAll();
        _bench.LoseRelay();
        _bench.ReceiveAll();
        Assert.Equal(2, Asked().Count);
        Answer(session, correlation);
        Answer(session, correlation);
        Assert.Single(Effects.Sent);
    }

    [Fact]
    public void Query_NobodyOwnsTheSlot_HeldForTheNextOwner()
    {
        EdgeSession session = _bench.SignIn();
        Ask(session, QueryKind.Status, Room);
        Ask(session, QueryKind.Rooms, "");
        Assert.InRange(_bench.Core.HeldBytes, 1, 200);
        _bench.OwnSlots();
        _bench.ReceiveAll();
        Assert.Equal(2, Asked().Count);
    }

    [Fact]
    public void Query_ListOfRooms_GoesToTheOwnerOfTheFirstSlot()
    {
        Assert.NotEqual(0, Slot.Of(Encoding.UTF8.GetBytes(Room)));
        EdgeSession session = SignedIn();
        _bench.Core.SlotsChanged(
            [.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, slot == 0 ? "another" : EdgeBench.MasterId, 2))], _bench.Now);
        Ask(session, QueryKind.Rooms, "");
        Assert.Empty(Asked());
        Ask(session, QueryKind.Status, Room);
        Assert.Single(Asked());
    }

    [Fact]
    [Trait("Must", "R-QUERY-1")]
    public void Query_NobodyAnswers_UnavailableOnce()
    {
        EdgeSession session = SignedIn();
        uint first = Ask(session, QueryKind.Status, Room);
        Pass(HoldMilliseconds - 1000);
        uint second = Ask(session, QueryKind.Status, Room);
        Pass(1000);
        Answer(session, first);
        Pass(HoldMilliseconds);
        Assert.Equal([(first, ErrorCode.Unavailable), (second, ErrorCode.Unavailable)], Errors());
        Assert.All(Effects.Sent, sent => Assert.Equal((Room, null), Names(sent.Body)));
        Assert.Equal(2, Effects.Sent.Count);
        Assert.Equal(0, _bench.Core.HeldBytes);
    }

    [Fact]
    public void Query_TooManyInASecond_RateLimitedUntilTheTimeThatWasTold()
    {
        EdgeSession session = SignedIn();
        for (int i = 0; i < 11; i++)
        {
            Answer(session, Ask(session, QueryKind.Status, Room));
        }

        Assert.Equal(ErrorCode.RateLimited, Assert.Single(Errors()).Code);
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(Effects.Sent[^1].Body, out ErrorBody error));
        Assert.InRange(error.RetryAfterMilliseconds, 1U, 1000U);
        _bench.Now += error.RetryAfterMilliseconds;
        Answer(session, Ask(session, QueryKind.Status, Room));
        Assert.Single(Errors());
        Assert.Equal(11, _bench.Counters.Queries);
    }

    [Fact]
    public void Query_TooManyWithoutAnswer_Overloaded()
    {
        using var bench = new EdgeBench(options => options.QueriesPerSecondMax = 0) { Capabilities = Capabilities.Rooms };
        EdgeSession session = bench.SignIn();
        for (uint i = 0; i <= Queries.PendingMax; i++)
        {
            Assert.Empty(bench.Effects.Sent);
            bench.Core.Frames(session, ClientFrames.Query(i, QueryKind.Status, Room), bench.Now);
        }

        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(Assert.Single(bench.Effects.Sent).Body, out ErrorBody error));
        Assert.Equal(ErrorCode.Overloaded, error.Code);
    }

    [Fact]
    public void Query_MoreThanTheEdgeHolds_Overloaded()
    {
        EdgeSession session = _bench.SignIn();
        var body = new byte[40 * 1024];
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(3);
        writer.WriteUInt64((ulong)QueryKind.Status);
        writer.WriteString("room"u8);
        writer.WriteBinary(new byte[body.Length - 20]);
        for (uint correlation = 1; correlation <= 2; correlation++)
        {
            Assert.Empty(Effects.Sent);
            _bench.Core.Frames(session, ClientFrames.Frame(FrameType.Query, FrameFlags.None, correlation, body.AsSpan(0, writer.WrittenBytes)), _bench.Now);
        }

        Assert.Equal([(2U, ErrorCode.Overloaded)], Errors());
    }

    public void Dispose() => _bench.Dispose();

    private EdgeSession SignedIn(string user = "alice", Role role = Role.None)
    {
        _bench.OwnSlots();
        _bench.ReceiveAll();
        return _bench.SignIn(user, role);
    }

    private uint Ask(EdgeSession session, QueryKind what, string channel)
    {
        _bench.Core.Frames(session, ClientFrames.Query(++_correlation, what, channel), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        _bench.ReceiveAll();
        return _correlation;
    }

    private List<string> Asked() => [.. UpstreamRecords.Of(Effects.Upstream).Where(record => record.StartsWith("Query", StringComparison.Ordinal))];

    private void Answer(EdgeSession session, uint correlation) => _bench.Relay(
        new RelayRecord { Kind = RelayKind.Answer, Session = session.Id, Correlation = correlation, Body = new byte[] { 0x91, 1 } });

    // The channel and the number of an ERROR.
    private static (string Channel, ulong? Number) Names(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        return (Encoding.UTF8.GetString(error.Channel), error.Number);
    }

    private void Refuse(EdgeSession session, uint correlation, ErrorCode code)
    {
        var body = new byte[64];
        new ErrorBody { Code = code, Text = "no"u8 }.TryEncode(body, out int bytes);
        _bench.Relay(new RelayRecord { Kind = RelayKind.Error, Session = session.Id, Correlation = correlation, Body = body.AsSpan(0, bytes) });
    }

    private void Pass(uint milliseconds)
    {
        _bench.Now += milliseconds;
        _bench.Core.Tick(_bench.Now);
    }

    private List<(uint Correlation, ErrorCode Code)> Errors()
    {
        var errors = new List<(uint, ErrorCode)>();
        foreach ((_, FrameType type, byte[] body, uint correlation) in Effects.Sent)
        {
            if (type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                errors.Add((correlation, error.Code));
            }
        }

        return errors;
    }
}
