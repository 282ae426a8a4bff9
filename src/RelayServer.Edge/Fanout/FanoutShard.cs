using System.Runtime.InteropServices;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Fanout;

/// <summary>
/// A thread that writes to its share of the connections. It alone touches their outputs, so a delivery takes no lock;
/// while it is busy new frames of a channel gather and go out together, so batches grow with load by themselves.
/// </summary>
internal sealed class FanoutShard : IDisposable
{
    private const int RoundBytesMax = 128 * 1024;
    private const long CloseGraceMilliseconds = 2000;

    private readonly EdgeOptions _options;
    private readonly EdgeCounters _counters;
    private readonly SteadyClock _clock;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private readonly List<MemberList> _touched = [];
    private readonly List<EdgeSession> _sessions = [];
    private readonly List<Action> _marks = [];
    private readonly FanoutPressure _pressure = new();
    private List<ShardItem> _posted = [];
    private List<ShardItem> _working = [];
    private bool _isWoken;
    private bool _isStopping;
    private long _nowMilliseconds;

    public FanoutShard(string name, EdgeOptions options, EdgeCounters counters, SteadyClock clock)
    {
        _options = options;
        _counters = counters;
        _clock = clock;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Too much is held for connections; looked at once a round, on the shard's thread.</summary>
    public bool IsShortOfMemory { get; private set; }

    /// <summary>Puts work at the end; from any thread, never waits.</summary>
    public void Post(in ShardItem item)
    {
        bool wake;
        lock (_lock)
        {
            if (_isStopping)
            {
                item.Frame?.Release();
                return;
            }

            _posted.Add(item);
            wake = !_isWoken;
            _isWoken = true;
        }

        if (wake)
        {
            _wake.Release();
        }
    }

    /// <summary>Goes on with an output once the kernel has taken bytes; lets go of the frame then.</summary>
    public void ContinueWhenSent(SessionOutput output, SharedFrame frame, ValueTask<int> sending)
    {
        if (sending.IsCompleted)
        {
            // Not in place: the caller is in the middle of its own work on this output.
            PostSent(output, frame, sending.GetAwaiter().GetResult());
            return;
        }

        System.Runtime.CompilerServices.ValueTaskAwaiter<int> awaiter = sending.GetAwaiter();
        awaiter.UnsafeOnCompleted(() => PostSent(output, frame, awaiter.GetResult()));
    }

    /// <summary>Notes how much waits for a connection; on the shard's thread.</summary>
    public void PendingChanged(SessionOutput output, int bytes)
    {
        _counters.OutboundQueuedBytes += bytes;
        if (bytes < 0)
        {
            _pressure.Progressed(output);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isStopping = true;
            _isWoken = true;
        }

        _wake.Release();
        _thread.Join();
        _wake.Dispose();
    }

    private void PostSent(SessionOutput output, SharedFrame frame, int sent) => Post(new ShardItem
    {
        Kind = ShardItemKind.Sent,
        Frame = frame,
        Callback = () => output.Continue(sent),
    });

    private void Run()
    {
        while (true)
        {
            _wake.Wait(_marks.Count == 0 ? Timeout.Infinite : (int)_pressure.MillisecondsLeft(_nowMilliseconds));
            lock (_lock)
            {
                (_posted, _working) = (_working, _posted);
                _isWoken = false;
                if (_isStopping)
                {
                    break;
                }
            }

            _nowMilliseconds = (long)_clock.NowMilliseconds;
            _pressure.Advance(_nowMilliseconds);
            IsShortOfMemory = SharedFrame.HeldBytes > _options.HeldFramesBytesMax;
            foreach (ref readonly ShardItem item in CollectionsMarshal.AsSpan(_working))
            {
                Do(item);
            }

            FlushRound();
            ReachMarks();
            _working.Clear();
        }

        foreach (ref readonly ShardItem item in CollectionsMarshal.AsSpan(_working))
        {
            item.Frame?.Release();
        }

        foreach (EdgeSession session in _sessions)
        {
            session.Output!.Abort();
            session.Output.Drop();
        }
    }

    private void Do(in ShardItem item)
    {
        switch (item.Kind)
        {
            case ShardItemKind.Fanout:
                Collect(item.Members!, item.Frame!, item.Count, item.Needs);
                return;
            case ShardItemKind.Send:
                Send(item.Session!, item.Frame!, isDroppable: false);
                item.Frame!.Release();
                return;
            case ShardItemKind.Answered:
                item.Session!.Inbox!.Return(item.Count);
                return;
            case ShardItemKind.AddMember:
                FlushMembers(item.Members!);
                item.Members!.Add(item.Session!, item.Flag);
                return;
            case ShardItemKind.RemoveMember:
                FlushMembers(item.Members!);
                item.Members!.Remove(item.Session!);
                return;
            case ShardItemKind.AddSession:
                item.Session!.Output!.ShardIndex = _sessions.Count;
                item.Session.Output.SentAtMilliseconds = _nowMilliseconds;
                _sessions.Add(item.Session);
                return;
            case ShardItemKind.RemoveSession:
                Remove(item.Session!);
                return;
            case ShardItemKind.Close:
                item.Session!.Output!.Close(item.Frame!, item.Flag, _nowMilliseconds);
                item.Frame!.Release();
                return;
            case ShardItemKind.End:
                item.Session!.Output!.End(_nowMilliseconds);
                return;
            case ShardItemKind.Sent:
                item.Callback!();
                item.Frame!.Release();
                return;
            case ShardItemKind.WhenDrained:
                item.Session!.Output!.WhenDrained(item.Callback!);
                return;
            case ShardItemKind.Mark:
                // Not at once: frames of the relays behind it would go out one by one.
                _marks.Add(item.Callback!);
                return;
            case ShardItemKind.Tick:
                Tick();
                return;
        }
    }

    private void Collect(MemberList members, SharedFrame frame, int messages, Capabilities needs)
    {
        _counters.Deliveries += (long)members.Count * messages;
        if (members.Count == 0)
        {
            frame.Release();
            return;
        }

        if (needs != Capabilities.None)
        {
            DeliverDroppable(members, frame, needs);
            frame.Release();
            return;
        }

        if (members.RoundBytes + frame.Length > RoundBytesMax)
        {
            FlushMembers(members);
        }

        if (members.Round.Count == 0)
        {
            _touched.Add(members);
        }

        members.Collect(frame);
    }

    private void FlushRound()
    {
        foreach (MemberList members in _touched)
        {
            FlushMembers(members);
        }

        _touched.Clear();
    }

    // A mark lets a master send more. When the members as a whole are behind it has to wait for them: what is slow then
    // is the machine or the network, not a reader, and cutting everybody off would help nobody.
    private void ReachMarks()
    {
        if (_pressure.MustWait(_nowMilliseconds))
        {
            return;
        }

        foreach (Action reached in _marks)
        {
            reached();
        }

        _marks.Clear();
    }

    private void FlushMembers(MemberList members)
    {
        if (members.Round.Count == 0)
        {
            return;
        }

        ReadOnlySpan<SharedFrame> frames = CollectionsMarshal.AsSpan(members.Round);
        SharedFrame all = frames.Length == 1 ? frames[0].AddReference() : SharedFrame.Concat(frames, members.RoundBytes);
        Deliver(members, all);
        all.Release();
        foreach (SharedFrame frame in frames)
        {
            frame.Release();
        }

        members.RoundDone();
    }

    // The innermost loop of the product: per member one call into the kernel, no allocation, lock, log or await.
    private void Deliver(MemberList members, SharedFrame frame)
    {
        for (int i = 0; i < members.Count; i++)
        {
            Send(members[i], frame, isDroppable: false);
            _pressure.Delivered(members[i].Output!);
        }

        _counters.DeliverWrites += members.Count;
        _counters.DeliverBytes += (long)members.Count * frame.Length;
    }

    private void DeliverDroppable(MemberList members, SharedFrame frame, Capabilities needs)
    {
        if (needs.HasFlag(Capabilities.Ephemeral))
        {
            // A message: its place among the others counts.
            FlushMembers(members);
        }

        bool isForAllPartitions = needs.HasFlag(Capabilities.Rooms);
        for (int i = 0; i < members.Count; i++)
        {
            EdgeSession session = members[i];
            if (session.Capabilities.HasFlag(needs) && !(isForAllPartitions && members.IsFurther(session)))
            {
                Send(session, frame, isDroppable: true);
            }
        }
    }

    private void Send(EdgeSession session, SharedFrame frame, bool isDroppable)
    {
        SessionOutput output = session.Output!;
        output.SentAtMilliseconds = _nowMilliseconds;
        if (!output.Send(frame, isDroppable))
        {
            _counters.SlowConsumers++;
            Close(session, ErrorCode.SlowConsumer, "this client reads too slowly; reconnect and resume"u8, keepPending: false);
        }
    }

    private void Remove(EdgeSession session)
    {
        SessionOutput output = session.Output!;
        output.Drop();
        int index = output.ShardIndex;
        if (index < 0)
        {
            return;
        }

        EdgeSession last = _sessions[^1];
        _sessions[index] = last;
        last.Output!.ShardIndex = index;
        _sessions.RemoveAt(_sessions.Count - 1);
        output.ShardIndex = -1;
    }

    private void Tick()
    {
        SharedFrame? ping = null;
        for (int i = _sessions.Count - 1; i >= 0; i--)
        {
            EdgeSession session = _sessions[i];
            SessionOutput output = session.Output!;
            if (output.IsClosed)
            {
                if (_nowMilliseconds - output.ClosedAtMilliseconds > CloseGraceMilliseconds)
                {
                    output.Abort();
                }
            }
            else if (_nowMilliseconds - session.ReceivedAtMilliseconds > _options.IdleTimeoutMilliseconds)
            {
                Close(session, ErrorCode.HeartbeatTimeout, "nothing was received for longer than the idle timeout"u8, keepPending: false);
            }
            else if (_nowMilliseconds - output.SentAtMilliseconds >= _options.HeartbeatMilliseconds)
            {
                ping ??= SharedFrame.Create(FrameType.Ping, FrameFlags.None, 0, default);
                Send(session, ping, isDroppable: true);
            }
        }

        ping?.Release();
    }

    private void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text, bool keepPending)
    {
        _counters.CountClose(code);
        SharedFrame close = ServerFrames.Close(code, text);
        session.Output!.Close(close, keepPending, _nowMilliseconds);
        close.Release();
    }
}
