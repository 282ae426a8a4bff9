namespace RelayServer.Protocol;

/// <summary>One restriction of a list: <c>[user, kind, until_ms, by_role, reason]</c>.</summary>
public ref struct RestrictionEntry : IListEntry<RestrictionEntry>
{
    private const int FieldCount = 5;

    // A restriction stands in an array in the array of the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.RestrictionsListedMax;

    /// <summary>Most bytes a restriction takes besides its user and reason.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (3 * MessagePackWriter.IntegerBytesMax);

    /// <summary>On whom it is laid.</summary>
    public ReadOnlySpan<byte> User { get; set; }

    /// <summary>What it is; may be none of the enumeration.</summary>
    public RestrictionKind Kind { get; set; }

    /// <summary>When it ends: Unix time in milliseconds, 0 for never.</summary>
    public ulong UntilMilliseconds { get; set; }

    /// <summary>What the one was who laid it on; the specification has the numbers.</summary>
    public byte ByRole { get; set; }

    /// <summary>Why; may be empty.</summary>
    public ReadOnlySpan<byte> Reason { get; set; }

    /// <summary>Writes the restriction; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(User);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteUInt64(UntilMilliseconds);
        writer.WriteUInt64(ByRole);
        writer.WriteString(Reason);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <inheritdoc/>
    public static RestrictionEntry Read(scoped ref MessagePackReader reader)
    {
        RestrictionEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.User = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        entry.Kind = (RestrictionKind)reader.ReadUInt64(byte.MaxValue);
        entry.UntilMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.ByRole = (byte)reader.ReadUInt64(byte.MaxValue);
        entry.Reason = reader.ReadString(ProtocolLimits.ReasonBytesMax);
        reader.Skip(extra, OpenLevels);
        return entry;
    }
}
