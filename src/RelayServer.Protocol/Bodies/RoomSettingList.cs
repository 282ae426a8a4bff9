namespace RelayServer.Protocol;

/// <summary>
/// Encoded settings, at most <see cref="ProtocolLimits.SettingsMax"/>: a view of a body that is walked with
/// <c>foreach</c>. To write one, encode the entries one after the other.
/// </summary>
public ref struct RoomSettingList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of settings that are encoded already.</summary>
    public RoomSettingList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded settings, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present setting.</summary>
    public RoomSettingEntry Current { get; private set; }

    /// <summary>A walk from the first setting on.</summary>
    public readonly RoomSettingList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next setting.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = RoomSettingEntry.Read(ref _reader);
        return _reader.Status == DecodeStatus.Ok;
    }

    internal static RoomSettingList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.SettingsMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            RoomSettingEntry.Read(ref reader);
        }

        return new RoomSettingList(body[start..reader.Offset], count);
    }

    internal readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
