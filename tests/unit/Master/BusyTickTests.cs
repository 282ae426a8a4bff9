using System.Globalization;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>However many rooms change, everything that is to be done in time has its turn: tops, policies, and what is too old.</summary>
public sealed class BusyTickTests : IDisposable
{
    private const int RetentionHours = 1;

    // Every room in memory is looked at once in about so many; first for the void, then for what is before it.
    private const int SecondsPerTurn = 60;

    private const ulong AgeMilliseconds = RetentionHours * 3_600_000;

    private readonly MasterBench _bench = new(options =>
    {
        options.RetentionHours = RetentionHours;
        options.EdgeTimeoutMilliseconds = 600_000;
    });

    private readonly EdgeVoice _a;
    private readonly EdgeVoice _b;
    private ulong _number;

    public BusyTickTests()
    {
        _a = _bench.Edge("a-0001");
        _b = _bench.Edge("b-0002");
    }

    [Fact]
    public void Tick_MoreRoomsChangeThanAFlushTells_TopsOfAllAreToldWithTheFlushesAfterIt()
    {
        const int FlushesMax = 20;
        string[] rooms = Open(5000);
        Speak(rooms);
        _bench.Core.Tick(_bench.Now);
        var told = new Dictionary<string, HashSet<string>> { [_a.Address] = [], [_b.Address] = [] };
        int flushes = 0;
        foreach (List<RelayView> relays in Flushes())
        {
            flushes++;
            relays.ForEach(relay => relay.Tops.ForEach(top => Assert.True(told[relay.To].Add(top.Channel), "told twice")));
        }

        Assert.All(told.Values, names => Assert.Equal(rooms.Length, names.Count));
        Assert.InRange(flushes, 2, FlushesMax);
    }

    [Fact]
    public void TryBuildFlush_TopsOfManyRoomsAreDue_MessagesGoAtOnceAndTopsBesideThem()
    {
        string[] rooms = Open(5000);
        Speak(rooms);
        _bench.Core.Tick(_bench.Now);
        HashSet<string> told = [];
        for (int flush = 0; flush < 20; flush++)
        {
            // There is always more to receive than a flush takes.
            int spoken = 0;
            for (; !_bench.Core.IsFull; spoken++)
            {
                _a.Publish(rooms[0], ++_number, payloadBytes: 30_000);
            }

            Assert.InRange(spoken, 2, int.MaxValue);
            RelayView relay = Assert.Single(Flush(), relay => relay.To == _a.Address);
            Assert.Equal(spoken, relay.Delivered.Count);
            told.UnionWith(relay.Tops.Select(top => top.Channel));
        }

        // The first room had a message in each: that shows its end as well.
        Assert.Equal(rooms[1..].Order(), told.Order());
    }

    [Fact]
    public void Tick_RoomRelaysInTheSameFlush_TopComesWithTheNextTick()
    {
        string[] rooms = Open(1);
        Speak(rooms);
        _a.Publish(rooms[0], ++_number);
        _bench.Core.Tick(_bench.Now);
        Assert.Empty(Flush().SelectMany(relay => relay.Tops));
        Assert.Empty(Flush().SelectMany(relay => relay.Tops));
        _bench.Core.Tick(_bench.Now);
        Assert.Equal([(rooms[0], new Position(0, 0, 1, 2))], Flush().Where(relay => relay.To == _a.Address).SelectMany(relay => relay.Tops));
    }

    [Fact]
    public void Tick_MoreRoomsChangeEverySecondThanAFlushTells_PoliciesAreStillDecidedAndOldMessagesLeave()
    {
        Automatic("auto");
        string[] busy = Open(400);
        Open("quiet", "auto");
        _a.Publish("quiet", 1);
        _a.Publish("quiet", 2);
        Flush();
        Pass(AgeMilliseconds + 1);
        _a.Presence("auto", 0, [30], null);
        List<string> counted = [];
        for (int second = 0; second < 2 * SecondsPerTurn; second++)
        {
            Speak(busy);
            Second();
            counted.AddRange(Flushes().SelectMany(relays => relays).SelectMany(relay => relay.CountedRooms));
        }

        Assert.Contains("auto", counted);
        LogEntry end = Assert.Single(_bench.Log("quiet"));
        Assert.Equal(3UL, end.LastSeq);
    }

    [Fact]
    public void Tick_MorePoliciesAreDueThanAFlushTakes_EveryRoomHasItsTurnAndSoHasExpiry()
    {
        string[] rooms = Names(900);
        Array.ForEach(rooms, Automatic);
        Open("quiet");
        _a.Publish("quiet", 1);
        Flush();
        Open(rooms);
        Assert.Equal(rooms.Length, _bench.Core.AutoSplitCount);
        Pass(AgeMilliseconds + 1);
        foreach (string room in rooms)
        {
            _a.Presence(room, 0, [30], null);
            FlushWhenFull();
        }

        Pass(5000);
        HashSet<string> counted = [];
        int expired = 0;
        for (int second = 0; second < 60; second++)
        {
            // Nobody answers, so that the room is to be split again and again.
            Second();
            foreach (List<RelayView> relays in Flushes())
            {
                counted.UnionWith(relays.SelectMany(relay => relay.CountedRooms));
                expired += _bench.LastFlush.Appends.Count(append => append.Log.Channel == "quiet");
            }
        }

        Assert.Equal(rooms.Order(), counted.Order());
        Assert.Equal(1, expired);
    }

    public void Dispose() => _bench.Dispose();

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i}"))];

    // A room in the store that is to split itself, at once, when it has enough members.
    private void Automatic(string room)
    {
        var state = new RoomState();
        RoomControl settings = RoomControl.Set(
            new RoomSettingValue(RoomSetting.AutoSplitMembers, 10), new RoomSettingValue(RoomSetting.AutoMergeMembers, 5),
            new RoomSettingValue(RoomSetting.AutoTargetMembers, 10), new RoomSettingValue(RoomSetting.AutoDwellSeconds, 0));
        Assert.Null(state.Apply(settings, "olga"u8, Role.Operator, 1000));
        Assert.Null(state.Apply(RoomControl.SplitAutomatically(), "olga"u8, Role.Operator, 1000));
        _bench.Save(room, state);
    }

    private string[] Open(int count)
    {
        string[] rooms = Names(count);
        Open(rooms);
        return rooms;
    }

    private void Open(params string[] rooms)
    {
        foreach (string room in rooms)
        {
            _a.Interest(room);
            _b.Interest(room);
            _bench.Load();
            FlushWhenFull();
        }

        while (Flush().Count > 0)
        {
            _bench.Load();
        }
    }

    private void Speak(string[] rooms)
    {
        foreach (string room in rooms)
        {
            _a.Publish(room, ++_number, flags: FrameFlags.None);
            FlushWhenFull();
        }

        Flush();
    }

    private void FlushWhenFull()
    {
        if (_bench.Core.IsFull)
        {
            Flush();
        }
    }

    private void Pass(ulong milliseconds)
    {
        _bench.Now += milliseconds;
        foreach (EdgeVoice edge in (EdgeVoice[])[_a, _b])
        {
            edge.Now = _bench.Now;
            edge.Heartbeat();
        }
    }

    private void Second()
    {
        Pass(1000);
        _bench.Core.TickQuarter(_bench.Now);
        _bench.Core.Tick(_bench.Now);
    }

    // As the host does: one after the other while there is anything to flush.
    private IEnumerable<List<RelayView>> Flushes()
    {
        for (List<RelayView> relays = Flush(); relays.Count > 0; relays = Flush())
        {
            yield return relays;
        }
    }

    private List<RelayView> Flush()
    {
        List<RelayView> relays = _bench.Flush();
        foreach (RelayView relay in relays)
        {
            EdgeVoice edge = relay.To == _a.Address ? _a : _b;
            edge.Confirmed = relay.RelayNo;
            edge.Heartbeat();
        }

        return relays;
    }
}
