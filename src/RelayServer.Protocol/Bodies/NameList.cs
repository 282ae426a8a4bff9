namespace RelayServer.Protocol;

/// <summary>
/// Encoded user ids, at most <see cref="ProtocolLimits.MemberNamesMax"/>: a view of a body that is walked with
/// <c>foreach</c>. To write one, encode the strings one after the other.
/// </summary>
public ref struct NameList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of user ids that are encoded already.</summary>
    public NameList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded user ids, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present user id.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>A walk from the first user id on.</summary>
    public readonly NameList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next user id.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = _reader.ReadString(ProtocolLimits.UserIdBytesMax);
        return _reader.Status == DecodeStatus.Ok;
    }

    /// <summary>Reads the array that comes next in <paramref name="body"/>; a reader that has failed stays so.</summary>
    public static NameList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.MemberNamesMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            reader.ReadString(ProtocolLimits.UserIdBytesMax);
        }

        return new NameList(body[start..reader.Offset], count);
    }

    /// <summary>Writes the array.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
