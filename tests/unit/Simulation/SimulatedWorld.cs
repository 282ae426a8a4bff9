using RelayServer.Edge;
using RelayServer.Master;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Masters, edges, clients and services over a lossy bus and a store with the fabric's rules, driven by one seed: seconds of
/// faults in virtual time, then healing, and everybody must be up to date.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private const int ClientCount = 6;
    private const int SplitClientCount = 9;
    private const int TurbulentMilliseconds = 12_000;
    private const int HealMilliseconds = 16_000;

    // What an owner has said may still be on its way.
    private const ulong SaidMilliseconds = 50;

    // Edges that are gone are forgotten by then, calls that nobody answers are over, and whoever waits has asked again.
    private const int QuietMilliseconds = 8000;

    // What an owner has done in its last second is known to everybody by then.
    private const ulong SettleMilliseconds = 500;
    private static readonly string[] EdgeNames = ["east", "west", "north"];
    private static readonly string[] Channels = ["lobby", "kitchen", "attic"];
    private static readonly string[] SplitChannels = ["lobby", "kitchen"];

    private readonly string[] _channels;
    private readonly SplitOperations? _operations;
    private readonly int _switchOneIn;
    private readonly MasterOptions _masterOptions;
    private readonly EdgeOptions _edgeOptions;
    private readonly List<SimulatedEdge> _edges = [];
    private readonly List<SimulatedClient> _clients = [];
    private readonly WorldEnd _end;
    private SimulatedMaster _master;
    private int _nodes;
    private readonly List<ulong> _claims = [];

    // Not drawn from the seed: worlds that once failed are to be the same as then.
    public SimulatedWorld(int seed, bool storeMayLose, bool hasSplits = false, int parkedBytesMax = 1 << 20, bool hasServices = false)
    {
        StoreMayLose = storeMayLose;
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
        Role[] roles = hasSplits ? [Role.Operator, Role.Operator, Role.Service] : [];
        for (int i = 0; i < (hasSplits ? SplitClientCount : ClientCount); i++)
        {
            // Producer ids are the clients' own choice: two users with the same one are two producers.
            _clients.Add(new SimulatedClient(this, $"user-{i}", (ulong)(i / 2), roles.ElementAtOrDefault(i) is not Role.None and var role ? role : Role.Member));
        }

        if (hasServices)
        {
            Calls = new CommandJudge(this);
            Services = new ServiceOperations(this, _channels);
            foreach (SimulatedInstance instance in Services.Instances)
            {
                Rooms.AddBroadcaster(instance.User);
            }
        }

        _end = new WorldEnd(this, _clients, _channels);
        _master = NewMaster();
        foreach (string name in EdgeNames)
        {
            _edges.Add(NewEdge(name));
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

    /// <summary>What those do who have to do with services; null in a world without.</summary>
    public ServiceOperations? Services { get; }

    /// <summary>Null in a world without services.</summary>
    public CommandJudge? Calls { get; }

    public bool StoreMayLose { get; }

    /// <summary>Things go wrong, or did lately.</summary>
    public bool IsTurbulent { get; private set; } = true;

    /// <summary>How much one read of an edge returns.</summary>
    public int ReadBytes { get; }

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    /// <summary>How often a room's every message had grown too old.</summary>
    public int Voids => Store.Logs.Values.Concat(Store.Dropped.Values).Sum(log => log.Voids);

    public SimulatedEdge AnyEdge() => Time.Pick(_edges);

    /// <summary>A master has claimed the slots: it knows nothing but what is stored.</summary>
    public void Claimed() => _claims.Add(Time.Now);

    /// <summary>Somebody has claimed the slots since then, or a moment before: what was said then may have been an owner's before.</summary>
    public bool IsClaimedSince(ulong time) => _claims[^1] + SaidMilliseconds >= time;

    /// <summary>Somebody has claimed the slots between then and then, or a moment later.</summary>
    public bool IsClaimedBetween(ulong from, ulong until) => _claims.Exists(claim => claim >= from && claim <= until + SaidMilliseconds);

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
        if (StoreMayLose)
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
        if (Services is not null && Time.OneIn(3))
        {
            Services.Act(client);
            return;
        }

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
                Store.Replace(entries => StoreMayLose ? Time.Chance.Next(Math.Min(entries, 4)) : 0);
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
        IsTurbulent = false;
        if (Services is not null)
        {
            // With the owner that there is: what it forgot to forget would be gone with it.
            ProbeServices(Services);
        }

        _master.Kill();
        _master = NewMaster();
        ulong end = Time.Now + HealMilliseconds;
        GoOnUntil(end);
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
        Services?.Probe();
        Services?.Stir();
        foreach (SimulatedClient client in _clients)
        {
            foreach (ClientRoom room in client.Rooms.Where(room => !room.IsInbox))
            {
                client.Publish(room);
            }
        }

        Time.RunUntil(Services is null ? end : end + SettleMilliseconds);
        _end.Check();
        if (Services is not null)
        {
            Services.Check();
            WorldEnd.CheckMemory(_master, _edges);
        }
    }

    private void ProbeServices(ServiceOperations services)
    {
        ulong end = Time.Now + QuietMilliseconds;
        GoOnUntil(end);
        Time.RunUntil(end - (QuietMilliseconds / 4));
        services.Probe();
        Time.RunUntil(end);
        _end.CheckProbes();
    }

    private void GoOnUntil(ulong end) => Time.Every(100, () =>
    {
        Services?.GoOn();
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

    private SimulatedMaster NewMaster() => new(this, $"master-{++_nodes}", _masterOptions);

    private SimulatedEdge NewEdge(string name) => new(this, $"{name}-{++_nodes}", _edgeOptions);
}
