namespace RelayServer.Protocol;

/// <summary>
/// ANSWER: <c>[what, channel | nil, …]</c>, whose rest is that of <see cref="StatusBody"/>, <see cref="MembersBody"/> or
/// <see cref="RoomListBody"/>.
/// </summary>
public static class AnswerBody
{
    private const int CommonFieldCount = 2;

    /// <summary>Reads what an answer is, and nothing behind that; it may be none of the enumeration.</summary>
    public static DecodeStatus TryDecodeKind(ReadOnlySpan<byte> body, out QueryKind what)
    {
        var reader = new MessagePackReader(body);
        ReadHead(ref reader, CommonFieldCount, out what);
        return reader.Status;
    }

    /// <summary>Reads the head and the first field of an answer of one kind; fails for another kind.</summary>
    internal static int Begin(scoped ref MessagePackReader reader, QueryKind expected, int fieldCount)
    {
        int extra = ReadHead(ref reader, fieldCount, out QueryKind what);
        if (reader.Status == DecodeStatus.Ok && what != expected)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return extra;
    }

    private static int ReadHead(scoped ref MessagePackReader reader, int fieldCount, out QueryKind what)
    {
        int extra = reader.ReadTupleHeader(fieldCount);
        what = (QueryKind)reader.ReadUInt64(byte.MaxValue);
        return extra;
    }
}
