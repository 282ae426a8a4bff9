using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Encoded control frames that wait to be sent; they go before publishes. Bounded.</summary>
internal sealed class ControlQueue(WakeSignal wake)
{
    private const int BytesMax = 1024 * 1024;
    private const int InitialBytes = 512;

    // PONGs beyond this are left out: a server that floods with PING gets fewer answers, not our memory.
    private const int PongBytesMax = 64 * 1024;

    private readonly Lock _gate = new();
    private byte[] _bytes = new byte[InitialBytes];
    private int _used;
    private bool _open;

    /// <summary>More was queued than the bound: the server does not read.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Starts empty, for a new connection.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _open = true;
            _used = 0;
            Overflowed = false;
        }
    }

    /// <summary>Takes and keeps nothing until it is opened again.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _open = false;
            _used = 0;
        }
    }

    public void WritePing() => Write(FrameType.Ping, 0, []);

    public void WritePong(uint correlation)
    {
        lock (_gate)
        {
            if (_used > PongBytesMax)
            {
                return;
            }
        }

        Write(FrameType.Pong, correlation, []);
    }

    public void WriteJoin(uint correlation, ReadOnlySpan<byte> channel, JoinFrom from)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        var join = new JoinBody
        {
            Channel = channel,
            Start = from.Start,
            LastMessages = from.LastMessages,
            Position = from.Position,
        };
        join.TryEncode(body, out int bodyBytes);
        Write(FrameType.Join, correlation, body[..bodyBytes]);
    }

    public void WriteLeave(uint correlation, ReadOnlySpan<byte> channel)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new ChannelBody { Channel = channel }.TryEncode(body, out int bodyBytes);
        Write(FrameType.Leave, correlation, body[..bodyBytes]);
    }

    public void WriteClose(ErrorCode code, ReadOnlySpan<byte> text)
    {
        Span<byte> body = stackalloc byte[2 * ProtocolLimits.TextBytesMax];
        new CloseBody { Code = code, Text = text }.TryEncode(body, out int bodyBytes);
        Write(FrameType.Close, 0, body[..bodyBytes]);
    }

    /// <summary>Moves as much as fits; returns the bytes written. <paramref name="more"/> says that some is left.</summary>
    public int Fill(Span<byte> destination, out bool more)
    {
        lock (_gate)
        {
            int moved = Math.Min(_used, destination.Length);
            _bytes.AsSpan(0, moved).CopyTo(destination);
            _used -= moved;
            _bytes.AsSpan(moved, _used).CopyTo(_bytes);
            more = _used > 0;
            return moved;
        }
    }

    private void Write(FrameType type, uint correlation, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            int frameBytes = FrameHeader.SizeBytes + body.Length;
            if (!_open)
            {
                return;
            }

            if (_used + frameBytes > BytesMax)
            {
                Overflowed = true;
            }
            else
            {
                if (_bytes.Length < _used + frameBytes)
                {
                    Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + frameBytes));
                }

                new FrameHeader((uint)body.Length, type, FrameFlags.None, correlation).Write(_bytes.AsSpan(_used));
                body.CopyTo(_bytes.AsSpan(_used + FrameHeader.SizeBytes));
                _used += frameBytes;
            }
        }

        wake.Set();
    }
}
