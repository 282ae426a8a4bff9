using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>An edge with one room, and the logs of all its partitions as a master would have written them.</summary>
internal sealed class SplitBench : IDisposable
{
    public const string Room = "room";
    private readonly EdgeBench _bench;
    private readonly Dictionary<(ulong Generation, uint Partition), List<LogEntry>> _logs = [];
    private readonly List<byte[]> _records = [];
    private RoomState _state = new();
    private int _answered;
    private ulong _epoch = 1;

    public SplitBench(string edgeId = "east-1", Action<RelayServer.Edge.EdgeOptions>? configure = null)
    {
        _bench = new EdgeBench(configure, edgeId);
        _bench.OwnSlots();
        Logs(_state.Current);
    }

    public EdgeBench Bench => _bench;

    public RecordingEffects Effects => _bench.Effects;

    public Partitioning Current => _state.Current;

    public RoomState State => _state;

    /// <summary>The same groups for everybody's tests: by bucket.</summary>
    public static Partitioning Groups(ulong generation, int count)
    {
        var map = new byte[MemberBucket.Count];
        for (int bucket = 0; bucket < map.Length; bucket++)
        {
            map[bucket] = (byte)(bucket % count);
        }

        return Partitioning.ByGroups(generation, count, map);
    }

    /// <summary>A user of this group under <see cref="Groups"/>.</summary>
    public static string UserOf(int group, int count, int number = 0)
    {
        for (int i = 0; ; i++)
        {
            string user = $"user-{i}";
            if (MemberBucket.Of(Encoding.UTF8.GetBytes(user)) % count == group && number-- == 0)
            {
                return user;
            }
        }
    }

    public EdgeSession SignIn(string user = "alice", Role role = Role.None)
    {
        EdgeSession session = _bench.SignIn(user, role);
        return session;
    }

    public EdgeSession Join(string user = "alice", JoinStart start = JoinStart.Live, uint last = 0, Position position = default)
    {
        EdgeSession session = SignIn(user);
        _bench.Join(session, Room, start, last, position);
        _bench.Core.Flush(_bench.Now);
        return session;
    }

    public EdgeSession Observe(JoinStart start = JoinStart.Live, uint last = 0, params Position[] positions)
    {
        return Observe("boss", Role.Operator, start, last, positions);
    }

    public EdgeSession Observe(string user, Role role, JoinStart start, uint last, params Position[] positions)
    {
        _bench.Capabilities = Capabilities.Ephemeral | Capabilities.Rooms;
        EdgeSession session = SignIn(user, role);
        _bench.Capabilities = Capabilities.Ephemeral;
        _bench.Core.Frames(session, ClientFrames.Observe(77, Room, start, last, positions), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        return session;
    }

    /// <summary>What the master answers to an interest: the state, then the tops.</summary>
    public void Answer(bool withState = true)
    {
        if (withState && _state.Version > 0)
        {
            Put(new RelayRecord { Kind = RelayKind.Room, Channel = Encoding.UTF8.GetBytes(Room), Body = _state.Encode() });
        }

        for (uint partition = 0; partition < _state.Current.Count; partition++)
        {
            PutTop(RelayKind.Opened, Top(_state.Current.Generation, partition));
        }

        Send();
    }

    public Position Top(ulong generation, uint partition)
    {
        List<LogEntry> log = _logs[(generation, partition)];
        return log.Count == 0 ? new Position(generation, partition, 0, 0) : new Position(generation, partition, log[^1].Epoch, log[^1].LastSeq);
    }

    /// <summary>Logs messages, and puts them into the next relay unless they are to be lost.</summary>
    public void Say(uint partition, int messages = 1, bool isLost = false, string from = "alice")
    {
        ulong first = Top(_state.Current.Generation, partition).Seq + 1;
        byte[] body = EdgeBench.Body(
            Room, new Position(_state.Current.Generation, partition, _epoch, first), messages, MessageKind.Text, "line"u8, from);
        Log(partition, body, messages, isLost);
    }

    /// <summary>Splits or merges: the logs of the present generation end, those of the next begin.</summary>
    public void Switch(Partitioning next, bool isLost = false)
    {
        byte[] notice = new SplitNotice { FromGeneration = Current.Generation, FromCount = Current.Count, To = next }.Encode();
        for (uint partition = 0; partition < Current.Count; partition++)
        {
            Control(partition, notice, isLost);
        }

        _state.Begin(next);
        Logs(next);
        for (uint partition = 0; partition < next.Count; partition++)
        {
            Control(partition, notice, isLost);
        }
    }

    /// <summary>The store has lost its end: the room is as it was then, and its master begins a new link.</summary>
    /// <param name="saved">The state at that time.</param>
    /// <param name="keptEntries">What is left of the log of that generation's first partition.</param>
    public void LoseTail(RoomState saved, int keptEntries)
    {
        foreach ((ulong Generation, uint Partition) log in _logs.Keys.Where(log => log.Generation > saved.Current.Generation).ToArray())
        {
            _logs.Remove(log);
        }

        List<LogEntry> first = _logs[(saved.Current.Generation, 0)];
        first.RemoveRange(keptEntries, first.Count - keptEntries);
        _state = saved;
        _epoch++;
        _bench.Link++;
    }

    public RoomState SaveState() => RoomState.Decode(_state.Encode())!;

    /// <summary>Another edge shows interest in a room divided by edges.</summary>
    public void AddEdge(string edge)
    {
        Assert.True(_state.AddEdge(edge));
        _logs.Add((Current.Generation, (uint)Current.Count - 1), []);
    }

    /// <summary>Puts the state before what is in the next relay.</summary>
    public void PutState() => _records.Insert(0, Encode(
        new RelayRecord { Kind = RelayKind.Room, Channel = Encoding.UTF8.GetBytes(Room), Body = _state.Encode() }));

    public void PutTop(RelayKind kind, Position top) =>
        Put(new RelayRecord { Kind = kind, Channel = Encoding.UTF8.GetBytes(Room), Top = top });

    public void PutSkipped(uint partition, ulong first, ulong last) => Put(new RelayRecord
    {
        Kind = RelayKind.Skipped,
        Channel = Encoding.UTF8.GetBytes(Room),
        Top = new Position(Current.Generation, partition, _epoch, last),
        FirstSeq = first,
    });

    /// <summary>Sends what was put together.</summary>
    public void Send()
    {
        _bench.Relay(_records);
        _records.Clear();
    }

    /// <summary>What was put together never arrives, nor does it show.</summary>
    public void Lose() => _records.Clear();

    /// <summary>Answers reads of logs and lets connections take what they were sent, until nothing is left to do.</summary>
    public void Run(int pageEntries = 3)
    {
        for (bool goesOn = true; goesOn;)
        {
            goesOn = false;
            while (_answered < Effects.Reads.Count)
            {
                goesOn = true;
                RelayServer.Edge.Rooms.LogRead read = Effects.Reads[_answered++];
                _bench.Core.LogRead(read, Page(read, pageEntries));
            }

            RelayServer.Edge.Rooms.Reader[] draining = [.. Effects.Draining];
            Effects.Draining.Clear();
            foreach (RelayServer.Edge.Rooms.Reader reader in draining)
            {
                goesOn = true;
                _bench.Core.Drained(reader);
            }

            RelayServer.Edge.Rooms.PartitionFeed[] handing = [.. Effects.HandingOut];
            Effects.HandingOut.Clear();
            foreach (RelayServer.Edge.Rooms.PartitionFeed feed in handing)
            {
                goesOn = true;
                _bench.Core.HandedOut(feed);
            }

            _bench.Core.Flush(_bench.Now);
        }
    }

    /// <summary>The whole log of a partition is gone.</summary>
    public void DropLog(ulong generation, uint partition) => _logs[(generation, partition)].Clear();

    /// <summary>Only the last entries of a log are left.</summary>
    public void TrimLog(ulong generation, uint partition, int keptEntries)
    {
        List<LogEntry> log = _logs[(generation, partition)];
        log.RemoveRange(0, log.Count - keptEntries);
    }

    /// <summary>
    /// What a session was given, as positions: <c>1/0/5</c> is seq 5 of partition 0 in generation 1, <c>→2/1/0</c> a move there.
    /// Fails when the server left something out, or said it twice, without saying so.
    /// </summary>
    public string Story(EdgeSession session, Position? start = null) => ReceivedStory.Of(Effects.Received.GetValueOrDefault(session.Id) ?? [], start);

    public void Dispose() => _bench.Dispose();

    private LogPage Page(RelayServer.Edge.Rooms.LogRead read, int pageEntries)
    {
        List<LogEntry> log = _logs.GetValueOrDefault((read.Log.Generation, read.Log.Partition)) ?? [];
        if (read.Kind == RelayServer.Edge.Rooms.LogReadKind.Tail)
        {
            ulong top = log.Count == 0 ? 0 : log[^1].LastSeq;
            return new LogPage([.. log.Where(entry => entry.LastSeq + read.Seq > top)], false);
        }

        LogEntry[] rest = [.. log.Where(entry => (entry.Epoch, entry.LastSeq).CompareTo((read.Epoch, read.Seq)) >= 0)];
        return new LogPage([.. rest.Take(pageEntries)], rest.Length > pageEntries);
    }

    private void Logs(Partitioning partitioning)
    {
        for (uint partition = 0; partition < partitioning.Count; partition++)
        {
            _logs.Add((partitioning.Generation, partition), []);
        }
    }

    private void Control(uint partition, byte[] notice, bool isLost)
    {
        ulong first = Top(_state.Current.Generation, partition).Seq + 1;
        byte[] body = EdgeBench.Body(
            Room, new Position(_state.Current.Generation, partition, _epoch, first), 1, MessageKind.Split, notice, "boss");
        Log(partition, body, 1, isLost);
    }

    private void Log(uint partition, byte[] body, int messages, bool isLost)
    {
        List<LogEntry> log = _logs[(_state.Current.Generation, partition)];
        log.Add(new LogEntry(_epoch, (log.Count == 0 ? 0 : log[^1].LastSeq) + (ulong)messages, body));
        if (!isLost)
        {
            Put(new RelayRecord { Kind = RelayKind.Deliver, Body = body });
        }
    }

    private void Put(in RelayRecord record) => _records.Add(Encode(record));

    private static byte[] Encode(in RelayRecord record)
    {
        var bytes = new byte[record.EncodedBytesMax];
        var writer = new MessagePackWriter(bytes);
        record.Write(ref writer);
        return bytes[..writer.WrittenBytes];
    }
}
