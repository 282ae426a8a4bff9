namespace RelayServer.Protocol;

/// <summary>DRAINING: <c>[move_after_ms, deadline_ms]</c>: connect elsewhere, not before the first, before the second.</summary>
public ref struct DrainingBody
{
    private const int FieldCount = 2;

    /// <summary>Chosen per session with jitter, so that not all move at once, in milliseconds from now.</summary>
    public uint MoveAfterMilliseconds { get; set; }

    /// <summary>When the edge closes what is left, in milliseconds from now.</summary>
    public uint DeadlineMilliseconds { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out DrainingBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.MoveAfterMilliseconds = reader.ReadUInt32();
        value.DeadlineMilliseconds = reader.ReadUInt32();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(MoveAfterMilliseconds);
        writer.WriteUInt64(DeadlineMilliseconds);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
