namespace RelayServer.Protocol;

/// <summary>
/// Where a reader stands in a channel's log: it has everything up to and including <see cref="Seq"/>.
/// </summary>
/// <param name="Generation">Grows with every split and merge; 0 for a room that was never split.</param>
/// <param name="Partition">Part of a split room; 0 when it is whole.</param>
/// <param name="Epoch">Grows when the channel's slot gets a new owner or its store lost a tail.</param>
/// <param name="Seq">Sequence number of the last message; 0 before the first.</param>
public readonly record struct Position(ulong Generation, uint Partition, ulong Epoch, ulong Seq) : IListEntry<Position>
{
    /// <summary>Before the first message: resuming from here reads all that is retained.</summary>
    public static Position Start => default;

    internal const int FieldCount = 4;

    // A position stands in the array of a body, or in an array in that.
    private const int OpenLevels = 2;
    private const int OpenLevelsInList = 3;

    /// <summary>Most bytes that an encoded position takes.</summary>
    public const int EncodedBytesMax = 1 + (4 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Writes the position as an array of its four fields; false when <paramref name="destination"/> is too small.</summary>
    public bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    static int IListEntry<Position>.ListCountMax => ProtocolLimits.PartitionsMax;

    static Position IListEntry<Position>.Read(scoped ref MessagePackReader reader) => Read(ref reader, OpenLevelsInList);

    internal static Position Read(scoped ref MessagePackReader reader, int openLevels = OpenLevels)
    {
        int extra = reader.ReadTupleHeader(FieldCount);
        Position position = ReadFields(ref reader);
        reader.Skip(extra, openLevels);
        return position;
    }

    internal static Position ReadFields(ref MessagePackReader reader) => new(
        reader.ReadUInt64(ProtocolLimits.NumberMax),
        reader.ReadUInt32(),
        reader.ReadUInt64(ProtocolLimits.NumberMax),
        reader.ReadUInt64(ProtocolLimits.NumberMax));

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        WriteFields(ref writer);
    }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteUInt64(Generation);
        writer.WriteUInt64(Partition);
        writer.WriteUInt64(Epoch);
        writer.WriteUInt64(Seq);
    }
}
