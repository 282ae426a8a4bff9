using System.Collections.Concurrent;
using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Load.Sessions;
using RelayServer.Bench.Measurement;
using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>
/// One thread that signs members in and reads all their sockets into one buffer. Members are added from another
/// thread; everything else of them belongs to the loop until it has stopped.
/// </summary>
internal sealed class ReceiverLoop : IFrameSink, IDisposable
{
    private const int WaitMilliseconds = 100;
    private const int ProblemsMax = 20;
    private const long HeartbeatCheckNanoseconds = Clock.NanosecondsPerSecond;

    private readonly Poller _poller = new();
    private readonly Member?[] _members;
    private readonly byte[] _buffer;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _settled;
    private readonly ConcurrentQueue<string> _problems = new();
    private int _memberCount;
    private long _received;
    private int _joined;
    private int _disconnected;
    private long _receiveCalls;
    private long _heartbeats;
    private volatile bool _stopping;

    /// <summary>Makes a loop for at most <paramref name="membersMax"/> members.</summary>
    /// <param name="name">Of the thread.</param>
    /// <param name="membersMax">Most members.</param>
    /// <param name="channel">The channel whose messages are checked.</param>
    /// <param name="ledger">Where the loop writes down what it saw.</param>
    /// <param name="settled">Released once per member, when it has joined or failed.</param>
    /// <param name="bufferBytes">Most bytes that one receive takes.</param>
    public ReceiverLoop(
        string name, int membersMax, ReadOnlySpan<byte> channel, MessageLedger ledger, SemaphoreSlim settled, int bufferBytes)
    {
        _members = new Member?[membersMax];
        _buffer = new byte[bufferBytes];
        _settled = settled;
        Verifier = new DeliveryVerifier(channel, ledger, this);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Checks what the members receive. To be read when the loop has stopped.</summary>
    public DeliveryVerifier Verifier { get; }

    /// <summary>CPU of the loop's thread.</summary>
    public ThreadUsage Usage { get; } = new();

    /// <summary>Messages of the run that its members have received up to now.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Members that have joined.</summary>
    public int Joined => Volatile.Read(ref _joined);

    /// <summary>Connections that ended before the loop was stopped.</summary>
    public int Disconnected => Volatile.Read(ref _disconnected);

    /// <summary>Receive calls that took bytes.</summary>
    public long ReceiveCalls => Volatile.Read(ref _receiveCalls);

    /// <summary>PING and PONG frames sent.</summary>
    public long Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>What went wrong, for people; the first few.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The members. To be read when the loop has stopped.</summary>
    public IEnumerable<Member> Members => _members.Take(_memberCount).OfType<Member>();

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Signs a connection in and lets it join a channel; <c>settled</c> is released when that is done.</summary>
    public void Add(RawSocket socket, byte[] channel, ReadOnlySpan<byte> token)
    {
        var member = new Member(_memberCount, socket, channel) { SentNanoseconds = Clock.NowNanoseconds };
        _members[_memberCount++] = member;
        Span<byte> handshake = stackalloc byte[ClientFrames.HandshakeBytesMax];
        handshake = handshake[..ClientFrames.WriteHandshake(handshake, token)];
        if (socket.Send(handshake) != handshake.Length)
        {
            Fail(member, "the handshake could not be sent");
            return;
        }

        _poller.Add(socket.Descriptor, member.Cursor.Index);
    }

    /// <summary>Ends the thread and waits for it.</summary>
    public void Stop()
    {
        _stopping = true;
        if (_thread.ThreadState != ThreadState.Unstarted)
        {
            _thread.Join();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop();
        foreach (Member member in Members)
        {
            member.Socket.Dispose();
        }

        _poller.Dispose();
    }

    /// <inheritdoc />
    public void Handle(MemberCursor cursor, in FrameHeader header, ReadOnlySpan<byte> body)
    {
        Member member = _members[cursor.Index]!;
        switch (header.Type)
        {
            case FrameType.Welcome: Join(member, body); break;
            case FrameType.Joined: StartMembership(member, body); break;
            case FrameType.Ping: SendHeartbeat(member, FrameType.Pong, header.Correlation, Clock.NowNanoseconds); break;
            case FrameType.Gap when GapBody.TryDecode(body, out GapBody gap) == DecodeStatus.Ok:
                DeliveryVerifier.Skip(cursor, gap.Until.Seq);
                Note(member, $"gap of the relay: {gap.Reason}");
                break;
            case FrameType.Error when ErrorBody.TryDecode(body, out ErrorBody error) == DecodeStatus.Ok:
                Fail(member, $"refused: {error.Code} {System.Text.Encoding.UTF8.GetString(error.Text)}");
                break;
            case FrameType.Close when CloseBody.TryDecode(body, out CloseBody close) == DecodeStatus.Ok:
                Fail(member, $"closed by the relay: {close.Code} {System.Text.Encoding.UTF8.GetString(close.Text)}");
                break;
        }
    }

    private void Run()
    {
        Usage.Attach();
        long heartbeatCheck = Clock.NowNanoseconds;
        while (!_stopping)
        {
            int ready = _poller.Wait(WaitMilliseconds);
            for (int i = 0; i < ready; i++)
            {
                Receive(_members[_poller.Ready(i)]!);
            }

            Volatile.Write(ref _received, Verifier.Received);
            long now = Clock.NowNanoseconds;
            if (now - heartbeatCheck >= HeartbeatCheckNanoseconds)
            {
                heartbeatCheck = now;
                SendDueHeartbeats(now);
            }
        }

        Usage.Detach();
    }

    private void Receive(Member member)
    {
        if (member.Closed)
        {
            return;
        }

        int received = member.Socket.Receive(_buffer);
        if (received > 0)
        {
            _receiveCalls++;
            Verifier.Feed(member.Cursor, _buffer.AsSpan(0, received), Clock.NowNanoseconds);
        }
        else if (received != -1)
        {
            Fail(member, received == 0 ? "the relay ended the connection" : "the connection broke");
        }
    }

    private void Join(Member member, ReadOnlySpan<byte> body)
    {
        if (!SessionLimits.TryRead(body, out SessionLimits limits))
        {
            Fail(member, "WELCOME could not be read");
            return;
        }

        member.Limits = limits;
        Span<byte> join = stackalloc byte[ClientFrames.JoinBytesMax];
        join = join[..ClientFrames.WriteJoin(join, member.Channel, correlation: 1)];
        if (member.Socket.Send(join) != join.Length)
        {
            Fail(member, "JOIN could not be sent");
        }
    }

    private void StartMembership(Member member, ReadOnlySpan<byte> body)
    {
        if (JoinedBody.TryDecode(body, out JoinedBody joined) != DecodeStatus.Ok)
        {
            Fail(member, "JOINED could not be read");
            return;
        }

        Verifier.Start(member.Cursor, joined.From.Seq);
        member.Joined = true;
        Interlocked.Increment(ref _joined);
        _settled.Release();
    }

    private void SendDueHeartbeats(long nowNanoseconds)
    {
        for (int i = 0; i < _memberCount; i++)
        {
            // A member is visible a moment after it is counted.
            if (_members[i] is { Joined: true, Closed: false } member
                && nowNanoseconds - member.SentNanoseconds >= member.Limits.HeartbeatNanoseconds - HeartbeatCheckNanoseconds)
            {
                SendHeartbeat(member, FrameType.Ping, 0, nowNanoseconds);
            }
        }
    }

    private void SendHeartbeat(Member member, FrameType type, uint correlation, long nowNanoseconds)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.SizeBytes];
        ClientFrames.WriteHeartbeat(frame, type, correlation);
        member.SentNanoseconds = nowNanoseconds;
        _heartbeats++;
        if (member.Socket.Send(frame) != frame.Length)
        {
            Fail(member, "a heartbeat could not be sent");
        }
    }

    private void Fail(Member member, string problem)
    {
        if (member.Closed)
        {
            return;
        }

        member.Closed = true;
        Note(member, problem);
        Interlocked.Increment(ref _disconnected);
        if (!member.Joined)
        {
            _settled.Release();
        }

        // The descriptor leaves the poller with it; the number stays, so that what it received is still counted.
        member.Socket.Dispose();
    }

    private void Note(Member member, string problem)
    {
        if (_problems.Count < ProblemsMax)
        {
            _problems.Enqueue($"{_thread.Name}, member {member.Cursor.Index}: {problem}");
        }
    }
}
