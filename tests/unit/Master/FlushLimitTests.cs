using System.Globalization;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>However much one batch of an edge comes to, no flush goes beyond what a fabric takes, and nothing of it is lost or overtaken.</summary>
public sealed class FlushLimitTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;

    public FlushLimitTests()
    {
        _a = _bench.Edge("a-0001");
        Open(Room);
    }

    [Fact]
    public void Batch_ControlsOfMoreRoomsThanAFlushTakes_AreAllDone()
    {
        string[] rooms = [.. Enumerable.Range(0, 2 * FabricLimits.FlushRecordsMax).Select(index => $"r{index}")];
        Open(rooms);
        _a.Batch(() =>
        {
            foreach (string room in rooms)
            {
                _a.Control(room, RoomControl.Notice("hello"), 1);
            }
        });
        Assert.True(_bench.Core.IsFull);
        Assert.Equal(rooms.Length, FlushAll().Sum(relay => relay.Places.Count));
        Assert.All(rooms, room => Assert.Equal("hello", _bench.Saved(room).Notice));
    }

    [Fact]
    public void Batch_LargeStatesOfManyRooms_AreAllSaved()
    {
        var state = new RoomState();
        for (int ban = 0; ban < RoomLimits.BansMax; ban++)
        {
            string user = ban.ToString(CultureInfo.InvariantCulture).PadLeft(ProtocolLimits.UserIdBytesMax, 'u');
            Assert.Null(state.Apply(RoomControl.Ban(user, uint.MaxValue), "olga"u8, Role.Operator, 1000));
        }

        string[] rooms = [.. Enumerable.Range(0, 1 + (FabricLimits.FlushBytesMax / state.Encode().Length)).Select(index => $"r{index}")];
        Array.ForEach(rooms, room => _bench.Save(room, state));
        Open(rooms);
        _a.Batch(() => Array.ForEach(rooms, room => _a.Control(room, RoomControl.Notice("hello"), 1)));
        Assert.Equal(rooms.Length, FlushAll().Sum(relay => relay.Places.Count));
        Assert.All(rooms, room => Assert.Equal("hello", _bench.Saved(room).Notice));
    }

    [Fact]
    public void Batch_BroadcastsToAHundredPartitions_AreAllLoggedInOrder()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(Partitioning.PartitionsMax), 1);
        _a.Census(Room, Assert.Single(Assert.Single(_bench.Flush()).Censuses), Enumerable.Range(0, 5000).Select(index => $"user-{index}"));
        FlushAll();
        const int Broadcasts = 20;
        _a.Batch(() =>
        {
            for (ulong number = 1; number <= Broadcasts; number++)
            {
                _a.Speak(Room, number, "shop", Role.Service, text: new string('x', 30_000));
            }
        });
        (ulong Number, Position At)[] places = [.. FlushAll().SelectMany(relay => relay.Places)];
        Assert.Equal(Enumerable.Range(1, Broadcasts).Select(number => (ulong)number), places.Select(place => place.Number));
        Assert.Equal(Enumerable.Range(2, Broadcasts).Select(seq => new Position(1, 0, 1, (ulong)seq)), places.Select(place => place.At));
        Assert.Equal((ulong)Broadcasts + 1, _bench.Log(new LogKey(Room, 1, Partitioning.PartitionsMax - 1))[^1].LastSeq);
    }

    [Fact]
    public void Batch_WaitsInPart_IsNotAnsweredAsAWholeBeforeAllIs()
    {
        _a.Batch(() =>
        {
            for (ulong number = 1; number <= 6; number++)
            {
                _a.Speak(Room, number, "ann", text: new string('x', 50_000));
            }
        });
        List<RelayView> first = Flush();
        Assert.InRange(Assert.Single(first).Places.Count, 1, 5);
        Assert.True(first[0].Completed < _a.BatchNo);
        _a.Speak(Room, 7, "ann");
        List<RelayView> rest = FlushAll();
        Assert.Equal(_a.BatchNo, rest[^1].Completed);
        Assert.Equal(Enumerable.Range(1, 7).Select(number => (ulong)number), first.Concat(rest).SelectMany(relay => relay.Places).Select(place => place.Number));
    }

    public void Dispose() => _bench.Dispose();

    private void Open(params string[] rooms)
    {
        foreach (string room in rooms)
        {
            _a.Interest(room);
        }

        int opened = 0;
        while (opened < rooms.Length)
        {
            _bench.Load();
            opened += FlushAll().Sum(relay => relay.Opened.Count);
        }
    }

    private List<RelayView> FlushAll()
    {
        List<RelayView> all = [];
        List<RelayView> relays;
        while ((relays = Flush()).Count > 0)
        {
            all.AddRange(relays);
        }

        return all;
    }

    private List<RelayView> Flush()
    {
        List<RelayView> relays = _bench.Flush();
        _a.Confirmed = relays.Count > 0 ? relays[^1].RelayNo : _a.Confirmed;
        if (relays.Count > 0)
        {
            _a.Heartbeat();
        }

        return relays;
    }
}
