namespace RelayServer.Protocol;

/// <summary>One room of a list: <c>[name, title, state, starts_at_ms, members_total]</c>.</summary>
public ref struct RoomEntry : IListEntry<RoomEntry>
{
    private const int FieldCount = 5;

    // A room stands in an array in the array of the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.RoomsListedMax;

    /// <summary>Most bytes a room takes besides its name and title.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (3 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>Where the room is in its life; the specification has the numbers.</summary>
    public byte State { get; set; }

    /// <summary>When it is to begin: Unix time in milliseconds, 0 when that was not said.</summary>
    public ulong StartsAtMilliseconds { get; set; }

    /// <summary>Members of all partitions.</summary>
    public uint MembersTotal { get; set; }

    /// <summary>Writes the room; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteString(Title);
        writer.WriteUInt64(State);
        writer.WriteUInt64(StartsAtMilliseconds);
        writer.WriteUInt64(MembersTotal);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <inheritdoc/>
    public static RoomEntry Read(scoped ref MessagePackReader reader)
    {
        RoomEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.ChannelNameBytesMax);
        entry.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        entry.State = (byte)reader.ReadUInt64(byte.MaxValue);
        entry.StartsAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        entry.MembersTotal = reader.ReadUInt32();
        reader.Skip(extra, OpenLevels);
        return entry;
    }
}
