using System.Net.Sockets;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// One signed-in connection: a read loop, a write loop that puts everything that is ready into one socket write, and a
/// heartbeat. <see cref="RunAsync"/> owns all three and returns when all have ended. No thread of its own.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int WriteBytesInitial = 4 * 1024;
    private const int WriteBytesMax = 256 * 1024;

    private readonly Stream _stream;
    private readonly ReceiveBuffer _buffer;
    private readonly SessionWelcome _welcome;
    private readonly RelayClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ControlQueue _control;
    private readonly PublishLedger _ledger;
    private readonly WakeSignal _wake;
    private readonly WakeSignal _beat = new();
    private readonly CancellationTokenSource _stop = new();
    private ConnectionEnd? _end;
    private volatile bool _closing;
    private bool _drainFirst;
    private long _lastReceived;
    private long _lastSent;
    private volatile bool _readPaused;
    private long _moveAt = long.MaxValue;

    public Connection(
        Stream stream,
        ReceiveBuffer buffer,
        SessionWelcome welcome,
        RelayClientOptions options,
        ControlQueue control,
        PublishLedger ledger,
        WakeSignal wake)
    {
        _stream = stream;
        _buffer = buffer;
        _welcome = welcome;
        _options = options;
        _time = options.TimeProvider;
        _control = control;
        _ledger = ledger;
        _wake = wake;
        _lastReceived = _lastSent = _time.GetTimestamp();
    }

    /// <summary>Runs until the connection ends; says why.</summary>
    public async Task<ConnectionEnd> RunAsync(IFrameHandler handler)
    {
        Task write = WriteLoopAsync();
        Task beat = HeartbeatLoopAsync();
        try
        {
            await ReadLoopAsync(handler).ConfigureAwait(false);
        }
        finally
        {
            // Also when the handler failed with what is no failure of the connection: then it goes to our caller.
            await _stop.CancelAsync().ConfigureAwait(false);
            _wake.Set();
            await write.ConfigureAwait(false);
            await beat.ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        return _end ?? ConnectionEnd.Failed("the connection ended");
    }

    /// <summary>Ends at once; the first reason given counts.</summary>
    public void End(ConnectionEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        _stop.Cancel();
    }

    /// <summary>Says goodbye and ends within the close time-out.</summary>
    /// <param name="end">Why.</param>
    /// <param name="drainFirst">Send what is queued before.</param>
    public void Close(ConnectionEnd end, bool drainFirst)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        _drainFirst = drainFirst;
        _closing = true;
        _wake.Set();
        _stop.CancelAfter(_options.CloseTimeout);
    }

    /// <summary>Moves to another edge after a while.</summary>
    public void MoveAfter(TimeSpan delay)
    {
        long moveAt = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
        Volatile.Write(ref _moveAt, moveAt);
        _beat.Set();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _stop.Dispose();
    }

    private async Task ReadLoopAsync(IFrameHandler handler)
    {
        try
        {
            while (true)
            {
                while (_buffer.TryRead(out FrameHeader header, out ReadOnlyMemory<byte> body))
                {
                    ValueTask handled = handler.HandleAsync(this, header, body, _stop.Token);
                    if (!handled.IsCompletedSuccessfully)
                    {
                        await PausedAsync(handled).ConfigureAwait(false);
                    }
                }

                int received = await _stream.ReadAsync(_buffer.FreeSpace(), _stop.Token).ConfigureAwait(false);
                if (received == 0)
                {
                    End(ConnectionEnd.Failed("the server closed the connection"));
                    return;
                }

                _buffer.Advance(received);
                Volatile.Write(ref _lastReceived, _time.GetTimestamp());
            }
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            End(ConnectionEnd.Failed(e is ProtocolFaultException ? e.Message : "the connection failed: " + e.Message, e));
        }
    }

    // While a full channel keeps the socket unread, silence says nothing about the server.
    private async ValueTask PausedAsync(ValueTask handled)
    {
        _readPaused = true;
        try
        {
            await handled.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _lastReceived, _time.GetTimestamp());
            _readPaused = false;
        }
    }

    private async Task WriteLoopAsync()
    {
        byte[] buffer = new byte[WriteBytesInitial];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                int bytes = Fill(ref buffer);
                if (bytes == 0)
                {
                    if (_closing)
                    {
                        await SayGoodbyeAsync(buffer).ConfigureAwait(false);
                        return;
                    }

                    await _wake.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                await _stream.WriteAsync(buffer.AsMemory(0, bytes), _stop.Token).ConfigureAwait(false);
                Volatile.Write(ref _lastSent, _time.GetTimestamp());
            }
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            End(ConnectionEnd.Failed("the connection failed: " + e.Message, e));
        }
    }

    private int Fill(ref byte[] buffer)
    {
        if (_control.Overflowed)
        {
            throw new ProtocolFaultException("the server does not read what it is sent");
        }

        int used = _control.Fill(buffer, out bool more);
        if (more || (_closing && !_drainFirst))
        {
            return used;
        }

        while (true)
        {
            used += _ledger.Fill(buffer.AsSpan(used), out int needsBytes);
            if (needsBytes == 0 || (buffer.Length >= WriteBytesMax && used > 0))
            {
                return used;
            }

            Array.Resize(ref buffer, Math.Min(WriteBytesMax, Math.Max(buffer.Length * 2, used + needsBytes)));
        }
    }

    private async Task SayGoodbyeAsync(byte[] buffer)
    {
        _control.WriteClose(ErrorCode.None, []);
        int bytes = _control.Fill(buffer, out _);
        await _stream.WriteAsync(buffer.AsMemory(0, bytes), _stop.Token).ConfigureAwait(false);

        // Only our half: bytes of the server that arrive later must not turn our last ones into a reset.
        if (_stream is NetworkStream transport)
        {
            transport.Socket.Shutdown(SocketShutdown.Send);
        }
        else if (_stream is System.Net.Security.SslStream tls)
        {
            await tls.ShutdownAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private async Task HeartbeatLoopAsync()
    {
        using ITimer timer = _time.CreateTimer(
            _ => _beat.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration stopped = _stop.Token.UnsafeRegister(_ => _beat.Set(), null);
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan toPing = _welcome.Heartbeat - _time.GetElapsedTime(Volatile.Read(ref _lastSent));
            TimeSpan toIdle = _readPaused
                ? _welcome.IdleTimeout
                : _welcome.IdleTimeout - _time.GetElapsedTime(Volatile.Read(ref _lastReceived));
            TimeSpan toMove = TimeToMove();
            if (toIdle <= TimeSpan.Zero)
            {
                End(new ConnectionEnd(new RelayException(
                    ErrorCode.HeartbeatTimeout, $"nothing was received for {_welcome.IdleTimeout.TotalSeconds:0.###} s")));
                return;
            }

            if (toMove <= TimeSpan.Zero && !_closing)
            {
                Close(new ConnectionEnd(new RelayException(ErrorCode.Draining, "the edge is draining"), Moving: true), drainFirst: false);
                return;
            }

            if (toPing <= TimeSpan.Zero)
            {
                Volatile.Write(ref _lastSent, _time.GetTimestamp());
                _control.WritePing();
                continue;
            }

            // A millisecond more, so that the moment has passed when the timer says so.
            timer.Change(Shortest(toPing, toIdle, toMove) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            await _beat.WaitAsync().ConfigureAwait(false);
        }
    }

    private TimeSpan TimeToMove()
    {
        long moveAt = Volatile.Read(ref _moveAt);
        return moveAt == long.MaxValue ? TimeSpan.FromDays(1) : _time.GetElapsedTime(_time.GetTimestamp(), moveAt);
    }

    private static TimeSpan Shortest(TimeSpan a, TimeSpan b, TimeSpan c) =>
        TimeSpan.FromTicks(Math.Min(a.Ticks, Math.Min(b.Ticks, c.Ticks)));

    private static bool IsConnectionFailure(Exception e) =>
        e is IOException or SocketException or OperationCanceledException
            or InvalidOperationException or ProtocolFaultException;
}
