using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Payload of a split message, the last of every partition before a split or merge and the first of every one after
/// it: <c>[from_generation, from_count, to, [members per partition…]]</c>. The sizes are those of the count that the
/// split was made by, in members; empty when there was none.
/// </summary>
public sealed class SplitNotice
{
    private const int FieldCount = 4;

    /// <summary>The generation that ends.</summary>
    public required ulong FromGeneration { get; init; }

    /// <summary>How many partitions it had.</summary>
    public required int FromCount { get; init; }

    /// <summary>The generation that begins.</summary>
    public required Partitioning To { get; init; }

    /// <summary>Members of each partition of <see cref="To"/> when it was made; may be empty.</summary>
    public IReadOnlyList<uint> Sizes { get; init; } = [];

    /// <summary>Most bytes that the encoded form takes.</summary>
    public int EncodedBytesMax =>
        1 + (2 * MessagePackWriter.IntegerBytesMax) + To.EncodedBytesMax
        + MessagePackWriter.HeadBytesMax + (Sizes.Count * MessagePackWriter.IntegerBytesMax);

    /// <summary>Reads a payload; null when it is not one.</summary>
    public static SplitNotice? Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        int extra = reader.ReadTupleHeader(FieldCount);
        ulong fromGeneration = reader.ReadUInt64(ProtocolLimits.NumberMax);
        int fromCount = (int)reader.ReadUInt64(Partitioning.PartitionsMax);
        Partitioning? to = Partitioning.Read(ref reader);
        int sizes = reader.ReadArrayHeader();
        if (sizes > Partitioning.PartitionsMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        var read = new List<uint>();
        for (int i = 0; i < sizes && reader.Status == DecodeStatus.Ok; i++)
        {
            read.Add(reader.ReadUInt32());
        }

        reader.Skip(extra);
        return reader.Finish() == DecodeStatus.Ok && to is not null
            ? new SplitNotice { FromGeneration = fromGeneration, FromCount = fromCount, To = to, Sizes = read }
            : null;
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] Encode()
    {
        byte[] room = new byte[EncodedBytesMax];
        var writer = new MessagePackWriter(room);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(FromGeneration);
        writer.WriteUInt64((ulong)FromCount);
        To.Write(ref writer);
        writer.WriteArrayHeader(Sizes.Count);
        foreach (uint size in Sizes)
        {
            writer.WriteUInt64(size);
        }

        return room[..writer.WrittenBytes];
    }
}
