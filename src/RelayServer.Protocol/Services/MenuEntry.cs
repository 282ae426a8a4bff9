namespace RelayServer.Protocol;

/// <summary>One line of a menu: <c>[kind, name, title, description, flags]</c>.</summary>
public ref struct MenuEntry : IListEntry<MenuEntry>, IEncodedBody
{
    private const int FieldCount = 5;

    // An entry stands in an array in the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.MenuEntriesMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>What it is; may be none of the enumeration.</summary>
    public MenuKind Kind { get; set; }

    /// <summary>What commands, subscriptions and further questions name.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people. Of a verb: how it is written.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Description { get; set; }

    /// <summary>More about it.</summary>
    public MenuFlags Flags { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Title.Length + Description.Length;

    /// <inheritdoc/>
    public static MenuEntry Read(scoped ref MessagePackReader reader)
    {
        MenuEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Kind = (MenuKind)reader.ReadUInt64(byte.MaxValue);
        entry.Name = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
        entry.Title = reader.ReadString(ProtocolLimits.TextBytesMax);
        entry.Description = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        entry.Flags = (MenuFlags)reader.ReadUInt64(byte.MaxValue);
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteString(Name);
        writer.WriteString(Title);
        writer.WriteString(Description);
        writer.WriteUInt64((ulong)Flags);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
