using System.Text;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Masters, edges and clients over a lossy bus and a store with the fabric's rules, driven by one seed: seconds of
/// faults in virtual time, then healing, and everybody must be up to date.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private const int ClientCount = 6;
    private const int SplitClientCount = 9;
    private const int TurbulentMilliseconds = 12_000;
    private const int HealMilliseconds = 16_000;
    private static readonly string[] EdgeNames = ["east", "west", "north"];
    private static readonly string[] Channels = ["lobby", "kitchen", "attic"];
    private static readonly string[] SplitChannels = ["lobby", "kitchen"];

    private readonly bool _storeMayLose;
    private readonly string[] _channels;
    private readonly SplitOperations? _operations;
    private readonly int _switchOneIn;
    private readonly MasterOptions _masterOptions;
    private readonly EdgeOptions _edgeOptions;
    private readonly List<SimulatedEdge> _edges = [];
    private readonly List<SimulatedClient> _clients = [];
    private SimulatedMaster _master;
    private int _nodes;

    // Not drawn from the seed: worlds that once failed are to be the same as then.
    public SimulatedWorld(int seed, bool storeMayLose, bool hasSplits = false, int parkedBytesMax = 1 << 20)
    {
        _storeMayLose = storeMayLose;
        _channels = hasSplits ? SplitChannels : Channels;
        Time = new VirtualTime(seed);
        Bus = new SimulatedBus(Time, Faults);
        Store = new SimulatedStore(Bus, Rooms);
        Judge = new HistoryJudge(Store, Rooms, storeMayLose);
        ReadBytes = Time.Pick([200, 1000, 100_000]);
        _masterOptions = new MasterOptions
        {
            EdgeTimeoutMilliseconds = 3000,
            EdgeUnconfirmedBytesMax = Time.Pick([300, 5000, 1 << 20]),
            EdgeStallMilliseconds = Time.Pick([20, 200]),
            RetentionMessages = Time.Pick([20, 100, 100_000]),
            RetentionAge = TimeSpan.FromMilliseconds(Time.Pick([1000, 4000, 3_600_000])),
            ChannelIdleSeconds = Time.Pick([1, 300]),
            LoadsMax = Time.Pick([1, 32]),
        };
        _edgeOptions = new EdgeOptions
        {
            RecentChannelBytesMax = Time.Pick([0, 400, 512 * 1024]),
            CatchUpReadsMax = Time.Pick([1, 2, 32]),
            ParkedBytesMax = parkedBytesMax,
            ResendMilliseconds = 300,
            PublishHoldMilliseconds = Time.Pick([2000, 10_000]),
        };
        _master = NewMaster();
        foreach (string name in EdgeNames)
        {
            _edges.Add(NewEdge(name));
        }

        Role[] roles = hasSplits ? [Role.Operator, Role.Operator, Role.Service] : [];
        for (int i = 0; i < (hasSplits ? SplitClientCount : ClientCount); i++)
        {
            // Producer ids are the clients' own choice: two users with the same one are two producers.
            _clients.Add(new SimulatedClient(this, $"user-{i}", (ulong)(i / 2), roles.ElementAtOrDefault(i) is not Role.None and var role ? role : Role.Member));
        }

        if (hasSplits)
        {
            _switchOneIn = Time.Pick([4, 15, 60]);
            _operations = new SplitOperations(this, [.. _clients.Where(client => client.Role == Role.Operator)]);
            foreach (SimulatedClient client in _clients.Where(client => Permissions.Allows(client.Role, RoomVerb.Broadcast, ChannelKind.Room)))
            {
                Rooms.AddBroadcaster(client.User);
            }
        }
    }

    public VirtualTime Time { get; }

    public Faults Faults { get; } = new();

    public SimulatedBus Bus { get; }

    public SimulatedStore Store { get; }

    public FlushJudge Rooms { get; } = new();

    public HistoryJudge Judge { get; }

    /// <summary>How much one read of an edge returns.</summary>
    public int ReadBytes { get; }

    public IEnumerable<SimulatedClient> Clients => _clients;

    /// <summary>How often a room's every message had grown too old.</summary>
    public int Voids => Store.Logs.Values.Concat(Store.Dropped.Values).Sum(log => log.Voids);

    /// <summary>The announcement of a claim is as lossy as everything on the bus.</summary>
    public void TellSlotsChanged()
    {
        foreach (SimulatedEdge edge in _edges)
        {
            if (!Faults.IsFabricDown && (Faults.BusLosesOneIn == 0 || !Time.OneIn(Faults.BusLosesOneIn)))
            {
                edge.ReadSlots();
            }
        }
    }

    public void Run()
    {
        ulong end = Time.Now + TurbulentMilliseconds;
        Time.Every(20, () =>
        {
            Act();
            return Time.Now < end;
        });
        Time.Every(700, () =>
        {
            Disturb();
            return Time.Now < end;
        });
        Time.RunUntil(end);
        Heal();
    }

    /// <summary>How often the things happened that the judges judge.</summary>
    public IEnumerable<(string What, long Count)> Seen()
    {
        yield return ("deliveries", Judge.DeliveredCount);
        yield return ("deliveries in partitions", Judge.DeliveredInSplitCount);
        yield return ("splits and merges", Rooms.Switches);
        yield return ("members that switched", Judge.Moves.Switches);
        yield return ("members that came from another edge's partition", Judge.Moves.EdgeMoves);
        yield return ("observers that switched", Judge.Moves.ObserverSwitches);
        yield return ("jumps over dropped generations", Judge.Moves.Jumps);
        yield return ("broadcasts to several partitions", Rooms.Broadcasts);
        yield return ("controls refused", _clients.Sum(client => client.ControlsRefused));
        yield return ("messages trimmed", Judge.GapsTrimmed);
        if (_storeMayLose)
        {
            yield return ("histories diverged", Judge.GapsDiverged);
        }
        else
        {
            yield return ("broadcasts heard by members that missed nothing", Judge.BroadcastsHeard);
        }
    }

    public void Dispose()
    {
        foreach (SimulatedEdge edge in _edges)
        {
            edge.Dispose();
        }

        _master.Dispose();
    }

    private void Act()
    {
        if (_operations is not null && Time.OneIn(_switchOneIn))
        {
            _operations.Act(Time.Pick(_channels));
        }

        SimulatedClient client = Time.Pick(_clients);
        ClientRoom room = client.Room(Time.Pick(_channels));
        switch (Time.Chance.Next(20))
        {
            case 0 when client.IsConnected:
                client.Disconnect();
                break;
            case < 4 when !client.IsConnected:
                client.Connect(Time.Pick(_edges));
                break;
            case < 7:
                client.Join(room, Time.Pick([JoinStart.Live, JoinStart.LastMessages, JoinStart.Resume]), (uint)Time.Chance.Next(12));
                break;
            case 7:
                client.Leave(room);
                break;
            case 8:
                client.PublishEphemeral(room);
                break;
            case 9:
                client.GoOn();
                break;
            default:
                for (int count = Time.Chance.Next(1, 5); count > 0; count--)
                {
                    client.Publish(room);
                }

                break;
        }
    }

    private void Disturb()
    {
        Faults.Heal();
        switch (Time.Chance.Next(14))
        {
            case 0:
                // The old one goes on until it is fenced.
                _master = NewMaster();
                break;
            case 1:
                _master.Kill();
                Time.Soon(2000, () => _master = NewMaster());
                break;
            case 2:
                int index = Time.Chance.Next(_edges.Count);
                _edges[index].Kill();
                _edges[index] = NewEdge(Time.OneIn(4) ? $"new{_nodes}" : _edges[index].Name);
                break;
            case 3:
                Faults.IsFabricDown = true;
                Time.Soon(Time.Pick([500, 6000]), () => Faults.IsFabricDown = false);
                break;
            case 4:
                Store.Replace(entries => _storeMayLose ? Time.Chance.Next(Math.Min(entries, 4)) : 0);
                break;
            case < 9:
                Faults.BusLosesOneIn = Time.Pick([3, 10, 50]);
                break;
            case < 11:
                Faults.FlushUnknownOneIn = Time.Pick([2, 5]);
                break;
        }
    }

    private void Heal()
    {
        Time.RunUntil(Time.Now + 6000);
        Faults.Heal();
        _master.Kill();
        _master = NewMaster();
        ulong end = Time.Now + HealMilliseconds;
        Time.Every(100, () =>
        {
            foreach (SimulatedClient client in _clients)
            {
                if (!client.IsConnected)
                {
                    client.Connect(Time.Pick(_edges));
                }

                client.GoOn();
            }

            return Time.Now < end;
        });

        if (_operations is not null)
        {
            Time.RunUntil(end - (HealMilliseconds * 3 / 4));
            foreach (string channel in _channels)
            {
                _operations.ActSensibly(channel);
            }
        }

        // A loss is found by what comes after it.
        Time.RunUntil(end - (HealMilliseconds / 2));
        foreach (SimulatedClient client in _clients)
        {
            foreach (ClientRoom room in client.Rooms)
            {
                client.Publish(room);
            }
        }

        Time.RunUntil(end);
        Check();
    }

    private void Check()
    {
        foreach (SimulatedClient client in _clients)
        {
            Assert.True(client.Pending.Count == 0, $"{client} has publishes without an answer: {string.Join("; ", client.Pending)}");
            foreach (ClientRoom room in client.Rooms.Where(room => room.IsWanted))
            {
                Assert.True(room.IsJoined, $"{client} is not in {room.Channel}");
                CheckPlaces(client, room);
                Judge.AssertHeardAllBroadcasts(room);
            }
        }

        foreach ((LogKey key, SimulatedLog log) in Store.Logs)
        {
            Assert.True(log.Doubled.Count == 0 || log.WasTrimmed, $"{key}: logged twice: {string.Join(", ", log.Doubled)}");
        }

        foreach (string channel in _channels)
        {
            List<MessageName> doubled = Rooms.Room(channel).Doubled;
            bool wasTrimmed = Store.Logs.Values.Concat(Store.Dropped.Values).Any(log => log.Key.Channel == channel && log.WasTrimmed);
            Assert.True(doubled.Count == 0 || wasTrimmed, $"{channel}: logged twice: {string.Join(", ", doubled)}");
        }
    }

    // Where it belongs, and at the end of that log; of an observer in every partition.
    private void CheckPlaces(SimulatedClient client, ClientRoom room)
    {
        Partitioning division = Rooms.Room(room.Channel).State.Current;
        uint[] partitions = room.IsObserver
            ? [.. Enumerable.Range(0, division.Count).Select(partition => (uint)partition)]
            : [division.PartitionOf(Encoding.UTF8.GetBytes(client.User), client.Edge)];
        Assert.True(
            room.Places.Keys.SequenceEqual(partitions) && room.Places.Values.All(place => place.Generation == division.Generation),
            $"{client}, {room}: is at {string.Join(" ", room.Places.Values.Select(ClientRoom.Short))} and belongs in {string.Join(", ", partitions)} of {division.Generation}");
        Assert.True(room.IsObserver || division.Mode != SplitMode.Edges || division.Edges.Contains(client.Edge), $"{client}: {client.Edge} has no partition");
        foreach (Position place in room.Places.Values)
        {
            Position top = Store.Log(new LogKey(room.Channel, place.Generation, place.Partition)).Top;
            Assert.True(place == top || (place.Seq == 0 && top.Seq == 0), $"{client}, {room}: has {ClientRoom.Short(place)}, the log ends at {ClientRoom.Short(top)}");
        }
    }

    private SimulatedMaster NewMaster() => new(this, $"master-{++_nodes}", _masterOptions);

    private SimulatedEdge NewEdge(string name) => new(this, $"{name}-{++_nodes}", _edgeOptions);
}
