namespace RelayServer.Protocol;

/// <summary>One setting of a room: <c>[setting, number | text]</c>.</summary>
public ref struct RoomSettingEntry : IListEntry<RoomSettingEntry>
{
    private const int FieldCount = 2;

    // A setting stands in an array in the array of the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.SettingsMax;

    /// <summary>Most bytes a setting takes besides its text.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Which setting; the specification has the table.</summary>
    public byte Setting { get; set; }

    /// <summary>True when the value is <see cref="Text"/>, false when it is <see cref="Number"/>.</summary>
    public bool IsText { get; set; }

    /// <summary>The value of a setting that is a number.</summary>
    public ulong Number { get; set; }

    /// <summary>The value of a setting that is a text, in UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>Writes the setting; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(Setting);
        if (IsText)
        {
            writer.WriteString(Text);
        }
        else
        {
            writer.WriteUInt64(Number);
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <inheritdoc/>
    public static RoomSettingEntry Read(scoped ref MessagePackReader reader)
    {
        RoomSettingEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Setting = (byte)reader.ReadUInt64(byte.MaxValue);
        entry.IsText = reader.IsString;
        if (entry.IsText)
        {
            entry.Text = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        }
        else
        {
            entry.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        }

        reader.Skip(extra, OpenLevels);
        return entry;
    }
}
