namespace RelayServer.Protocol;

/// <summary>
/// ANSWER: <c>[what, channel | nil, …]</c>, whose rest is that of <see cref="StatusBody"/>, <see cref="MembersBody"/>,
/// <see cref="RoomListBody"/>, <see cref="RestrictionListBody"/>, <see cref="MenuBody"/> or <see cref="SubscriptionListBody"/>.
/// </summary>
public static class AnswerBody
{
    private const int CommonFieldCount = 2;

    /// <summary>
    /// Reads what an answer is, which may be none of the enumeration, and that it is one whole array; the rest is for
    /// the body that it is.
    /// </summary>
    public static DecodeStatus TryDecodeKind(ReadOnlySpan<byte> body, out QueryKind what)
    {
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(CommonFieldCount);
        what = (QueryKind)reader.ReadUInt64(byte.MaxValue);
        reader.Skip(CommonFieldCount - 1 + extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Reads the head and the first field of an answer of one kind; fails for another kind.</summary>
    internal static int Begin(scoped ref MessagePackReader reader, QueryKind expected, int fieldCount)
    {
        int extra = reader.ReadTupleHeader(fieldCount);
        if (reader.ReadUInt64(byte.MaxValue) != (ulong)expected)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return extra;
    }
}
