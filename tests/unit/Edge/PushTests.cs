using RelayServer.Edge;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What a whole room is told besides messages: to those who know it, once, and not at the cost of messages.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class PushTests : IDisposable
{
    private const Capabilities Both = Capabilities.Ephemeral | Capabilities.Rooms;
    private readonly SplitBench _room = new();

    [Theory]
    [InlineData(FrameType.Counts)]
    [InlineData(FrameType.Reactions)]
    public void Push_InASplitRoom_OneFrameForEachWhoKnowsRooms(FrameType type)
    {
        (EdgeSession first, EdgeSession second, EdgeSession old, EdgeSession boss) = Populate();
        Push(type);
        Assert.All([first, second, boss], session => Assert.Equal(1, Count(session, type)));
        Assert.Equal(0, Count(old, type));
        Assert.Equal(1, _room.Bench.Counters.Pushes);
    }

    [Fact]
    [Trait("Must", "R-COUNT-1")]
    public void Push_CountsWithinTheSecond_WaitAndTheLatestIsTold()
    {
        (EdgeSession first, _, _, _) = Populate();
        PushCounts(4);
        _room.Bench.Now += 300;
        PushCounts(5);
        PushCounts(6);
        _room.Bench.Now += 600;
        _room.Bench.Core.TickQuarter(_room.Bench.Now);
        Assert.Equal([4U], Counts(first));
        _room.Bench.Now += 100;
        _room.Bench.Core.TickQuarter(_room.Bench.Now);
        Assert.Equal([4U, 6U], Counts(first));
        _room.Bench.Now += 1000;
        _room.Bench.Core.TickQuarter(_room.Bench.Now);
        PushCounts(7);
        Assert.Equal([4U, 6U, 7U], Counts(first));
    }

    [Fact]
    public void Push_CountsThatWaitWhenAllHaveLeft_AreForgotten()
    {
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        PushCounts(1);
        PushCounts(2);
        long pushes = _room.Bench.Counters.Pushes;
        _room.Bench.Core.SessionClosed(alice, _room.Bench.Now);
        _room.Bench.Now += 2000;
        _room.Bench.Core.TickQuarter(_room.Bench.Now);
        Assert.Equal(pushes, _room.Bench.Counters.Pushes);
    }

    [Theory]
    [InlineData(FrameType.Deliver)]
    [InlineData((FrameType)0x6f)]
    public void Push_FrameThatIsNoneOfThese_GoesNowhere(FrameType type)
    {
        (EdgeSession first, _, _, _) = Populate();
        int received = _room.Effects.Received[first.Id].Count;
        Push(type);
        Assert.Equal(received, _room.Effects.Received[first.Id].Count);
    }

    [Fact]
    public void Push_NotByTheOwner_GoesNowhere()
    {
        (EdgeSession first, _, _, _) = Populate();
        _room.Bench.Core.SlotsChanged(
            [.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, slot == 0 ? EdgeBench.MasterId : "another", 2))], _room.Bench.Now);
        Push(FrameType.Counts);
        Assert.Equal(0, Count(first, FrameType.Counts));
    }

    [Fact]
    [Trait("Must", "R-PRES-1")]
    public void Ephemeral_SomebodyHasCome_OnlyForThoseWhoKnowRoomsAndOnceForObservers()
    {
        (EdgeSession first, EdgeSession second, EdgeSession old, EdgeSession boss) = Populate();
        Dictionary<ulong, int> before = Delivered();
        Ephemeral(MessageKind.Presence, [0x92, 1, 0xa1, (byte)'x']);
        Assert.All([first, second, boss], session => Assert.Equal(before[session.Id] + 1, Delivered()[session.Id]));
        Assert.Equal(before[old.Id], Delivered()[old.Id]);
        Assert.Equal(_room.Current.Count, _room.Effects.EphemeralsFannedOut);
        Ephemeral(MessageKind.Text, "hello"u8);
        Assert.All([first, second], session => Assert.Equal(before[session.Id] + 2, Delivered()[session.Id]));
        Assert.Equal((before[old.Id] + 1, before[boss.Id] + 3), (Delivered()[old.Id], Delivered()[boss.Id]));
    }

    [Fact]
    public async Task Fanout_ThatNeedsSomething_ForThoseWhoHaveItAndDroppedForTheSlow()
    {
        var counters = new EdgeCounters();
        using var shard = new FanoutShard("test", new EdgeOptions(), counters, new SteadyClock(TimeProvider.System));
        var members = new MemberList();
        var sinks = new Dictionary<string, StubbornSink>();
        EdgeSession[] sessions =
        [
            Join("plain", Capabilities.None), Join("ephemeral", Capabilities.Ephemeral), Join("rooms", Capabilities.Rooms), Join("both", Both),
            Join("elsewhere", Both, isFurther: true), Join("slow", Both, room: 0),
        ];
        Fanout(FrameType.Deliver, Capabilities.None);
        Fanout(FrameType.Counts, Capabilities.Rooms);
        Fanout(FrameType.Gap, Capabilities.Ephemeral);
        Fanout(FrameType.Reactions, Both);
        await shard.AtRoundEndAsync(() =>
        {
            Assert.Equal([FrameType.Deliver], Got("plain"));
            Assert.Equal([FrameType.Gap, FrameType.Deliver], Got("ephemeral").Reverse());
            Assert.Equal([FrameType.Counts, FrameType.Deliver], Got("rooms").Order().Reverse());
            Assert.Equal([FrameType.Deliver, FrameType.Gap, FrameType.Counts, FrameType.Reactions], Got("both").Order());
            Assert.Equal([FrameType.Deliver, FrameType.Gap], Got("elsewhere").Order());
            Assert.Equal(0, counters.SlowConsumers);
            Assert.False(sessions[^1].Output!.IsClosed);
            Assert.InRange(sessions[^1].Output!.PendingBytes, 1, 2 * FrameBytes);
        });
        await shard.InTurnAsync(() => sessions[^1].Output!.Drop());

        EdgeSession Join(string name, Capabilities capabilities, bool isFurther = false, int room = int.MaxValue)
        {
            sinks[name] = new StubbornSink { Room = room };
            var session = new EdgeSession((ulong)sinks.Count, [])
            {
                Output = new SessionOutput(sinks[name], shard, 2 * FrameBytes),
                Capabilities = capabilities,
            };
            shard.Post(new ShardItem { Kind = ShardItemKind.AddMember, Session = session, Members = members, Flag = isFurther });
            return session;
        }

        void Fanout(FrameType type, Capabilities needs) => shard.Post(new ShardItem
        {
            Kind = ShardItemKind.Fanout,
            Members = members,
            Frame = SharedFrame.Create(type, FrameFlags.None, 0, new byte[FrameBytes - FrameHeader.SizeBytes]),
            Count = needs == Capabilities.None ? 1 : 0,
            Needs = needs,
        });

        IEnumerable<FrameType> Got(string name) => sinks[name].Frames().Select(frame => frame.Type);
    }

    public void Dispose() => _room.Dispose();

    private const int FrameBytes = 200;

    // A member in each of two groups, one that knows no rooms, and an observer of both.
    private (EdgeSession First, EdgeSession Second, EdgeSession Old, EdgeSession Boss) Populate()
    {
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        _room.Bench.Capabilities = Both;
        EdgeSession first = _room.Join(SplitBench.UserOf(0, 2));
        EdgeSession second = _room.Join(SplitBench.UserOf(1, 2));
        _room.Bench.Capabilities = Capabilities.Ephemeral;
        EdgeSession old = _room.Join(SplitBench.UserOf(0, 2, 1));
        EdgeSession boss = _room.Observe();
        _room.Answer();
        return (first, second, old, boss);
    }

    private void Push(FrameType type) =>
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Push, Channel = "room"u8, FrameType = type, Body = new byte[] { 0x90 } });

    private void PushCounts(byte total)
    {
        var body = new byte[64];
        new CountsBody { Channel = "room"u8, Total = total, Generation = _room.Current.Generation, Partitions = new EncodedList<MemberCount>([total, 0], 2) }
            .TryEncode(body, out int bytes);
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Push, Channel = "room"u8, FrameType = FrameType.Counts, Body = body.AsSpan(0, bytes) });
    }

    private List<uint> Counts(EdgeSession session) => [.. _room.Effects.Received[session.Id].Where(frame => frame.Type == FrameType.Counts).Select(frame =>
    {
        Assert.Equal(DecodeStatus.Ok, CountsBody.TryDecode(frame.Body, out CountsBody counts));
        return counts.Total;
    })];

    // As a master says it: the same to each partition.
    private void Ephemeral(MessageKind kind, ReadOnlySpan<byte> payload)
    {
        for (uint partition = 0; partition < _room.Current.Count; partition++)
        {
            byte[] body = EdgeBench.Body(SplitBench.Room, new Position(_room.Current.Generation, partition, 1, 1), 1, kind, payload, "alice");
            _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Ephemeral, Body = body });
        }
    }

    private int Count(EdgeSession session, FrameType type) => _room.Effects.Received[session.Id].Count(frame => frame.Type == type);

    private Dictionary<ulong, int> Delivered() =>
        _room.Effects.Received.ToDictionary(received => received.Key, received => received.Value.Count(frame => frame.Type == FrameType.Deliver));
}
