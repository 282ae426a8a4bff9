using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Masters, edges and clients over a lossy bus and a store with the fabric's rules, driven by one seed: seconds of
/// faults in virtual time, then healing, and everybody must be up to date.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private const int EdgeCount = 3;
    private const int ClientCount = 6;
    private const int TurbulentMilliseconds = 12_000;
    private const int HealMilliseconds = 16_000;
    private static readonly string[] Channels = ["lobby", "kitchen", "attic"];

    private readonly bool _storeMayLose;
    private readonly MasterOptions _masterOptions;
    private readonly EdgeOptions _edgeOptions;
    private readonly List<SimulatedEdge> _edges = [];
    private readonly List<SimulatedClient> _clients = [];
    private SimulatedMaster _master;
    private int _nodes;

    public SimulatedWorld(int seed, bool storeMayLose)
    {
        _storeMayLose = storeMayLose;
        Time = new VirtualTime(seed);
        Bus = new SimulatedBus(Time, Faults);
        Store = new SimulatedStore(Bus);
        Judge = new HistoryJudge(Store, storeMayLose);
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
            ResendMilliseconds = 300,
            PublishHoldMilliseconds = Time.Pick([2000, 10_000]),
        };
        _master = NewMaster();
        for (int i = 0; i < EdgeCount; i++)
        {
            _edges.Add(NewEdge());
        }

        for (int i = 0; i < ClientCount; i++)
        {
            // Producer ids are the clients' own choice: two users with the same one are two producers.
            _clients.Add(new SimulatedClient(this, $"user-{i}", (ulong)(i / 2)));
        }
    }

    public VirtualTime Time { get; }

    public Faults Faults { get; } = new();

    public SimulatedBus Bus { get; }

    public SimulatedStore Store { get; }

    public HistoryJudge Judge { get; }

    /// <summary>How much one read of an edge returns.</summary>
    public int ReadBytes { get; }

    public IEnumerable<SimulatedClient> Clients => _clients;

    /// <summary>How often a room's every message had grown too old.</summary>
    public int Voids => Store.Logs.Values.Concat(Store.Dropped.Select(dropped => dropped.Log)).Sum(log => log.Voids);

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
        SimulatedClient client = Time.Pick(_clients);
        ClientRoom room = client.Room(Time.Pick(Channels));
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
                _edges[index] = NewEdge();
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
            Assert.True(client.PendingCount == 0, $"{client} has {client.PendingCount} publishes without an answer");
            foreach (ClientRoom room in client.Rooms.Where(room => room.IsWanted))
            {
                Position top = Store.Log(room.Channel).Top;
                Assert.True(room.IsJoined, $"{client} is not in {room.Channel}");
                Assert.True(room.Have == top || (room.Have!.Value.Seq == 0 && top.Seq == 0), $"{client} in {room.Channel} has {room.Have}, the log ends at {top}");
            }
        }

        foreach ((LogKey key, SimulatedLog log) in Store.Logs)
        {
            Assert.True(log.Doubled.Count == 0 || log.WasTrimmed, $"{key}: logged twice: {string.Join(", ", log.Doubled)}");
        }
    }

    private SimulatedMaster NewMaster() => new(this, $"master-{++_nodes}", _masterOptions);

    private SimulatedEdge NewEdge() => new(this, $"edge-{++_nodes}", _edgeOptions);
}
