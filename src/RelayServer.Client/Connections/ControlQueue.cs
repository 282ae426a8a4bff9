using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Encoded control frames that wait to be sent; they go before publishes. Bounded.</summary>
internal sealed class ControlQueue(WakeSignal wake)
{
    private const int BytesMax = 1024 * 1024;
    private const int InitialBytes = 512;

    // PONGs beyond this are left out: a server that floods with PING gets fewer answers, not our memory. So are reactions.
    private const int DroppableBytesMax = 64 * 1024;

    /// <summary>Of all reactions: whoever sends them does not wait for an answer.</summary>
    public const uint ReactCorrelation = uint.MaxValue;

    /// <summary>Of all commands: their numbers tell them apart.</summary>
    public const uint CommandCorrelation = uint.MaxValue - 1;

    /// <summary>Of REGISTER, of which there is one at a time.</summary>
    public const uint RegisterCorrelation = uint.MaxValue - 2;

    /// <summary>Of all RETURNs: whoever sends them does not wait for an answer.</summary>
    public const uint ReturnCorrelation = uint.MaxValue - 3;

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

    public void WritePong(uint correlation) => TryWriteDroppable(FrameType.Pong, correlation, []);

    public void WriteJoin(uint correlation, ReadOnlySpan<byte> channel, JoinFrom from)
    {
        byte[] positions = EncodePositions(from.Positions ?? []);
        byte[] body = new byte[JoinBody.OverheadBytesMax + channel.Length + positions.Length];
        var join = new JoinBody
        {
            Channel = channel,
            Start = from.Start,
            LastMessages = from.LastMessages,
            Position = from.Position,
            Observe = from.IsObserver,
            Positions = new EncodedList<Position>(positions, from.Positions?.Count ?? 0),
        };
        join.TryEncode(body, out int bodyBytes);
        Write(FrameType.Join, correlation, body.AsSpan(0, bodyBytes));
    }

    public void WriteLeave(uint correlation, ReadOnlySpan<byte> channel)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new ChannelBody { Channel = channel }.TryEncode(body, out int bodyBytes);
        Write(FrameType.Leave, correlation, body[..bodyBytes]);
    }

    public void WriteQuery(uint correlation, ReadOnlySpan<byte> body) => Write(FrameType.Query, correlation, body);

    /// <summary>Queues a COMMAND, or a PUBLISH whose text is one.</summary>
    public void WriteCommand(FrameType type, ReadOnlySpan<byte> body) => Write(type, CommandCorrelation, body);

    public void WriteRegister(ReadOnlySpan<byte> body) => Write(FrameType.Register, RegisterCorrelation, body);

    public void WriteReturn(ReadOnlySpan<byte> body) => Write(FrameType.Return, ReturnCorrelation, body);

    /// <summary>Queues reactions; false when they are dropped, because there is no connection or it is behind.</summary>
    public bool TryWriteReact(ReadOnlySpan<byte> channel, byte reaction, byte count)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new ReactBody { Channel = channel, Reaction = reaction, Count = count }.TryEncode(body, out int bodyBytes);
        return TryWriteDroppable(FrameType.React, ReactCorrelation, body[..bodyBytes]);
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

    private static byte[] EncodePositions(IReadOnlyList<Position> positions)
    {
        byte[] encoded = new byte[positions.Count * Position.EncodedBytesMax];
        int used = 0;
        foreach (Position position in positions)
        {
            position.TryEncode(encoded.AsSpan(used), out int bytes);
            used += bytes;
        }

        return encoded[..used];
    }

    private bool TryWriteDroppable(FrameType type, uint correlation, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            if (!_open || _used > DroppableBytesMax)
            {
                return false;
            }
        }

        Write(type, correlation, body);
        return true;
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
