using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>Observers receive every partition, each in its order, and move as all do.</summary>
public sealed class ObserverTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Theory]
    [InlineData(Role.None)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Service)]
    [Trait("Must", "R-OBS-2")]
    [Trait("Must", "R-ROLE-1")]
    public void Observe_BelowAModerator_Forbidden(Role role)
    {
        EdgeSession session = _room.Observe("alice", role, JoinStart.Live, 0);
        _room.Answer();
        Assert.Equal("Forbidden", _room.Story(session));
        Assert.Equal(0, _room.Bench.Core.MembershipCount);
    }

    [Fact]
    [Trait("Must", "R-OBS-1")]
    public void Observe_Live_ReceivesEveryPartition()
    {
        Split();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        _room.Say(1);
        _room.Say(0);
        _room.Send();
        Assert.Equal("joined 1/0/1, →1/1/1, 1/1/2, 1/0/2", _room.Story(boss));
    }

    [Fact]
    public void Observe_LastMessages_OfEveryPartition()
    {
        Split();
        _room.Say(0, 3);
        _room.Say(1, 5);
        _room.Lose();
        EdgeSession boss = _room.Observe(JoinStart.LastMessages, 2);
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/4, →1/0/2, 1/0/3, 1/0/4, →1/1/4, 1/1/5, 1/1/6", _room.Story(boss));
    }

    [Fact]
    [Trait("Must", "R-OBS-1")]
    public void Switch_WithAnObserver_ItMovesWhenAllPartitionsHaveEnded()
    {
        Split();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        _room.Say(0);
        _room.Switch(SplitBench.Groups(2, 3));
        _room.Say(2);
        _room.PutState();
        _room.Send();
        Assert.Equal(
            "joined 1/0/1, →1/1/1, 1/0/2, 1/0/3!, 1/1/2!, →2/0/0, →2/1/0, →2/2/0, 2/0/1!, 2/1/1!, 2/2/1!, 2/2/2", _room.Story(boss));
        Assert.Equal(3, _room.Effects.Live.Count);
        Assert.Empty(_room.Effects.Reads);
    }

    [Fact]
    public void Switch_OnePartitionsEndIsLate_TheObserverWaitsForIt()
    {
        Split();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        _room.Say(1, 2, isLost: true);
        _room.Switch(Partitioning.Whole(2), isLost: true);
        _room.Say(0);
        _room.Send();
        _room.Run();
        string story = _room.Story(boss);
        Assert.Contains("1/1/2, 1/1/3, 1/1/4!", story, StringComparison.Ordinal);
        Assert.EndsWith("→2/0/0, 2/0/1!, 2/0/2", story, StringComparison.Ordinal);
        Assert.Single(_room.Effects.Live);
    }

    [Fact]
    [Trait("Must", "R-OBS-4")]
    public void Observe_ResumeAfterPositions_GoesOnInEach()
    {
        Split();
        _room.Say(0, 3);
        _room.Say(1, 3);
        _room.Lose();
        EdgeSession boss = _room.Observe(JoinStart.Resume, 0, new Position(1, 0, 1, 4), new Position(1, 1, 1, 2));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/4, 1/1/3, 1/1/4", _room.Story(boss, new Position(1, 1, 1, 2)));
        Assert.Equal(2, _room.Effects.Live.Count);
    }

    [Fact]
    public void Observe_PositionsOfTwoGenerations_IsBadPosition()
    {
        Split();
        EdgeSession boss = _room.Observe(JoinStart.Live, 0, new Position(1, 0, 1, 1), new Position(0, 0, 1, 1));
        _room.Answer();
        Assert.Equal("BadPosition", _room.Story(boss));
    }

    [Fact]
    public void Observe_PositionOfOnePartition_TheOthersBeginAsTheStartSays()
    {
        Split();
        _room.Say(0, 3);
        _room.Say(1, 3);
        _room.Lose();
        EdgeSession boss = _room.Observe(JoinStart.Live, 0, new Position(1, 0, 1, 2));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/2, 1/0/3, 1/0/4, →1/1/4", string.Join(", ", _room.Story(boss).Split(", ").Order(StringComparer.Ordinal).OrderBy(part => part[0] != 'j')));
    }

    [Fact]
    [Trait("Must", "R-OBS-4")]
    public void Observe_ResumeInAnOlderGeneration_ReadsAllOfItFirst()
    {
        Split();
        _room.Say(0);
        _room.Say(1, 2);
        _room.Switch(Partitioning.Whole(2));
        _room.Say(0);
        _room.Lose();
        EdgeSession boss = _room.Observe(JoinStart.Resume, 0, new Position(1, 0, 1, 1));
        _room.Answer();
        _room.Run();
        string story = _room.Story(boss);
        Assert.StartsWith("joined 1/0/1, →1/1/0, ", story, StringComparison.Ordinal);
        Assert.Contains("1/0/2, 1/0/3!", story, StringComparison.Ordinal);
        Assert.Contains("1/1/1!, 1/1/2, 1/1/3", story, StringComparison.Ordinal);
        Assert.EndsWith("→2/0/0, 2/0/1!, 2/0/2", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Observe_RoomDividedByEdges_AsksForAllAndReadsThoseThatComeLater()
    {
        using var room = new SplitBench("east-1");
        room.Switch(Partitioning.ByEdges(1, ["west", "east"]));
        room.Lose();
        EdgeSession boss = room.Observe();
        room.Answer();
        Assert.Contains(Interests(room), observes => observes);
        room.AddEdge("north");
        room.PutState();
        room.Say(2);
        room.Say(0);
        room.Send();
        room.Run();
        Assert.Equal("joined 1/0/1, →1/1/1, →1/2/0, 1/2/1, 1/0/2", room.Story(boss));
        room.Join("alice");
        room.Bench.Leave(boss, SplitBench.Room);
        room.Bench.Core.Flush(room.Bench.Now);
        Assert.Single(room.Effects.Live.Single().Feed.Room.Feeds);
    }

    [Fact]
    public void SessionClosed_Observer_NothingIsLeft()
    {
        Split();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        _room.Bench.Core.SessionClosed(boss, _room.Bench.Now);
        Assert.Empty(_room.Effects.Live);
        Assert.Equal((0, 0), (_room.Bench.Core.MembershipCount, _room.Bench.Core.ChannelCount));
    }

    public void Dispose() => _room.Dispose();

    private static List<bool> Interests(SplitBench room)
    {
        var observes = new List<bool>();
        foreach (byte[] message in room.Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                Assert.Equal(DecodeStatus.Ok, reader.Status);
                if (record.Kind == UpstreamKind.Interest && Encoding.UTF8.GetString(record.Channel) == SplitBench.Room)
                {
                    observes.Add(record.Observe);
                }
            }
        }

        return observes;
    }

    private void Split()
    {
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
    }
}
