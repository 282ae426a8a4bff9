using System.Text;
using RelayServer.Edge;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>An edge's state machine with a simulated host: effects are done in order, callbacks come in virtual time.</summary>
internal sealed class SimulatedEdge : IEdgeEffects, IDisposable
{
    private readonly SimulatedWorld _world;
    private readonly string _id;
    private readonly EdgeCore _core;
    private readonly Dictionary<PartitionFeed, List<EdgeSession>> _members = [];
    private readonly Dictionary<EdgeSession, SimulatedPeer> _clients = [];
    private ulong _sessionId;
    private int _ticks;

    public SimulatedEdge(SimulatedWorld world, string id, EdgeOptions options)
    {
        _world = world;
        _id = id;
        _core = new EdgeCore(options, Encoding.UTF8.GetBytes(id), this, new EdgeCounters());
        world.Bus.Subscribe(FabricAddress.Edge(id).Value, message => Do(() => Assert.True(_core.Relay(message, world.Time.Now))));
        ReadSlots();
        world.Time.Every(1000, Tick);
        world.Time.Every(250, TickQuarter);
    }

    public bool IsAlive { get; private set; } = true;

    /// <summary>The id without its last part: what rooms are divided by.</summary>
    public string Name => _id[.._id.LastIndexOf('-')];

    /// <summary>Commands that wait for their answer here, and bytes for masters.</summary>
    public (int Commands, int Bytes) Held => (_core.PendingCommandCount, _core.HeldBytes);

    public EdgeSession Connect(SimulatedPeer client)
    {
        var session = new EdgeSession(++_sessionId, Encoding.UTF8.GetBytes(client.User))
        {
            Capabilities = Capabilities.Ephemeral | Capabilities.Rooms | (_world.Services is null ? Capabilities.None : Capabilities.Services),
            Role = client.Role,
            Service = Encoding.UTF8.GetBytes(client.Service),
        };
        _clients.Add(session, client);
        _core.SessionOpened(session);
        return session;
    }

    public void Receive(EdgeSession session, byte[] frames) => Do(() => _core.Frames(session, frames, _world.Time.Now));

    public void Disconnect(EdgeSession session) => Do(() =>
    {
        _clients.Remove(session);
        _core.SessionClosed(session, _world.Time.Now);
    });

    /// <summary>As kill -9: every connection is cut; only the test's own memory is put in order.</summary>
    public void Kill()
    {
        IsAlive = false;
        _world.Bus.Unsubscribe(FabricAddress.Edge(_id).Value);
        foreach ((EdgeSession session, SimulatedPeer client) in _clients.ToArray())
        {
            client.Cut(session);
        }

        Dispose();
    }

    /// <summary>Ends in order, so that every shared frame comes back.</summary>
    public void Dispose()
    {
        foreach (EdgeSession session in _clients.Keys.ToArray())
        {
            _core.SessionClosed(session, _world.Time.Now);
        }

        IsAlive = false;
        _core.Dispose();
    }

    public void ReadSlots() => _world.Time.Soon(10, () =>
    {
        if (!_world.Faults.IsFabricDown)
        {
            Do(() => _core.SlotsChanged(_world.Store.Slots, _world.Time.Now));
        }
    });

    /// <summary>Where a session stands, for whoever has to find out why.</summary>
    public static string Describe(EdgeSession session) => string.Join("; ", session.Memberships.Select(member =>
        $"{member.Room.Channel}: room {(member.Room.IsOpen ? "open" : "closed")}"
        + (member.Reader is not { } reader ? ", waiting"
            : $", {reader.Phase} at {reader.Position}, feed at {reader.Feed.Cursor}, "
                + $"{(reader.Feed.IsRepairing ? "repairing, " : "")}{reader.Feed.Parked?.Count ?? 0} parked")));

    public void Send(EdgeSession session, SharedFrame frame)
    {
        byte[] bytes = frame.Span.ToArray();
        frame.Release();
        Hand(session, bytes);
    }

    public void Fanout(PartitionFeed feed, SharedFrame frame, int messages, Capabilities needs)
    {
        byte[] bytes = frame.Span.ToArray();
        frame.Release();
        foreach (EdgeSession session in (_members.GetValueOrDefault(feed) ?? []).Where(session => session.Capabilities.HasFlag(needs)))
        {
            Hand(session, bytes);
        }
    }

    public void AddMember(PartitionFeed feed, EdgeSession session, bool isFurther)
    {
        if (!_members.TryGetValue(feed, out List<EdgeSession>? members))
        {
            members = [];
            _members.Add(feed, members);
        }

        Assert.DoesNotContain(session, members);
        members.Add(session);
    }

    public void RemoveMember(PartitionFeed feed, EdgeSession session) => Assert.True(_members[feed].Remove(session));

    public void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text) => Assert.Fail($"edge closed a session: {code}");

    public void End(EdgeSession session) => _world.Time.Soon(5, () => Disconnect(session));

    public void NotifyWhenDrained(Reader reader) => _world.Time.Soon(30, () => Do(() => _core.Drained(reader)));

    public void NotifyWhenApplied(MasterLink link, ulong relayNo)
    {
        ulong number = link.Number;
        _world.Time.Soon(5, () => Do(() => EdgeCore.RelayApplied(link, number, relayNo)));
    }

    public void NotifyWhenHandedOut(PartitionFeed feed) => _world.Time.Soon(5, () => Do(() => _core.HandedOut(feed)));

    public void SendUpstream(MasterLink link, ReadOnlyMemory<byte> message) => _world.Bus.Send(_id, link.Address.Value, message.ToArray());

    public void BatchAnswered(ulong milliseconds)
    {
    }

    public void EntryUnreadable(PartitionFeed feed, Position last) => Assert.Fail($"an entry cannot be read: {last}");

    public void ReadLog(LogRead read) => _world.Time.Soon(15, () =>
    {
        LogPage? page = _world.Faults.IsFabricDown ? null
            : read.Kind == LogReadKind.Tail ? _world.Store.ReadTail(read.Log, (int)read.Seq, _world.ReadBytes)
            : _world.Store.ReadFrom(read.Log, read.Epoch, read.Seq, _world.ReadBytes);
        _world.Time.Soon(page is null ? 100 : 5, () => Do(() => _core.LogRead(read, page)));
    });

    private void Hand(EdgeSession session, byte[] bytes)
    {
        if (_clients.TryGetValue(session, out SimulatedPeer? client))
        {
            client.Take(session, bytes);
        }
    }

    private bool TickQuarter()
    {
        Do(() => _core.TickQuarter(_world.Time.Now));
        return IsAlive;
    }

    private bool Tick()
    {
        Do(() => _core.Tick(_world.Time.Now));
        if (!_core.HasOwners || ++_ticks % 5 == 0)
        {
            ReadSlots();
        }

        return IsAlive;
    }

    private void Do(Action action)
    {
        if (IsAlive)
        {
            action();
            _core.Flush(_world.Time.Now);
        }
    }
}
