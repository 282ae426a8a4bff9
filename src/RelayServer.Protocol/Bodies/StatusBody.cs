namespace RelayServer.Protocol;

/// <summary>
/// The state of a room: <c>[channel, state, title, description, owner, starts_at_ms, role, members_total, partitioning,
/// [members per partition…], [[setting, value]…], notice, [product…], policy_auto 0|1]</c>. ROOM is this; an ANSWER to
/// <see cref="QueryKind.Status"/> has a 1 before it.
/// </summary>
public ref struct StatusBody
{
    private const int FieldCount = 14;

    /// <summary>
    /// Most bytes a body takes besides its texts, its encoded partitioning and its encoded lists, as ANSWER or as ROOM.
    /// </summary>
    public const int OverheadBytesMax =
        MessagePackWriter.HeadBytesMax + (8 * MessagePackWriter.HeadBytesMax) + (6 * MessagePackWriter.IntegerBytesMax) + WholeBytes;

    // What stands for a partitioning that is not given.
    private const int WholeBytes = 6;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Where the room is in its life; the specification has the numbers.</summary>
    public byte State { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Description { get; set; }

    /// <summary>User id of the owner; empty when nobody created the room.</summary>
    public ReadOnlySpan<byte> Owner { get; set; }

    /// <summary>When it is to begin: Unix time in milliseconds, 0 when that was not said.</summary>
    public ulong StartsAtMilliseconds { get; set; }

    /// <summary>The role of the user that this is sent to; the specification has the numbers.</summary>
    public byte Role { get; set; }

    /// <summary>Members of all partitions.</summary>
    public uint MembersTotal { get; set; }

    /// <summary>How the room is divided, encoded; written as a room that was never split when empty.</summary>
    public ReadOnlySpan<byte> EncodedPartitioning { get; set; }

    /// <summary>Members of each partition.</summary>
    public EncodedList<MemberCount> Sizes { get; set; }

    /// <summary>The settings that are not at their default.</summary>
    public EncodedList<RoomSettingEntry> Settings { get; set; }

    /// <summary>The pinned notice; may be empty.</summary>
    public ReadOnlySpan<byte> Notice { get; set; }

    /// <summary>The pinned products.</summary>
    public EncodedList<ProductEntry> Products { get; set; }

    /// <summary>True when the relay splits and merges the room by itself.</summary>
    public bool IsPolicyAuto { get; set; }

    /// <summary>Reads the body of a ROOM.</summary>
    public static DecodeStatus TryDecodeRoom(ReadOnlySpan<byte> body, out StatusBody value)
    {
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        ReadFields(ref reader, body, out value);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Reads the body of an ANSWER to <see cref="QueryKind.Status"/>.</summary>
    public static DecodeStatus TryDecodeAnswer(ReadOnlySpan<byte> body, out StatusBody value)
    {
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Status, 1 + FieldCount);
        ReadFields(ref reader, body, out value);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body of a ROOM; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncodeRoom(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        WriteFields(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <summary>Writes the body of an ANSWER; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncodeAnswer(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(1 + FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Status);
        WriteFields(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    private static void ReadFields(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body, out StatusBody value)
    {
        value = default;
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.State = (byte)reader.ReadUInt64(byte.MaxValue);
        value.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        value.Description = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        value.Owner = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        value.StartsAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Role = (byte)reader.ReadUInt64(byte.MaxValue);
        value.MembersTotal = reader.ReadUInt32();
        value.EncodedPartitioning = PartitioningForm.Read(ref reader, body);
        value.Sizes = reader.ReadList<MemberCount>();
        value.Settings = reader.ReadList<RoomSettingEntry>();
        value.Notice = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        value.Products = reader.ReadList<ProductEntry>();
        value.IsPolicyAuto = reader.ReadUInt64(1) == 1;
    }

    private readonly void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteString(Channel);
        writer.WriteUInt64(State);
        writer.WriteString(Title);
        writer.WriteString(Description);
        writer.WriteString(Owner);
        writer.WriteUInt64(StartsAtMilliseconds);
        writer.WriteUInt64(Role);
        writer.WriteUInt64(MembersTotal);
        PartitioningForm.Write(ref writer, EncodedPartitioning);
        Sizes.Write(ref writer);
        Settings.Write(ref writer);
        writer.WriteString(Notice);
        Products.Write(ref writer);
        writer.WriteUInt64(IsPolicyAuto ? 1UL : 0UL);
    }
}
