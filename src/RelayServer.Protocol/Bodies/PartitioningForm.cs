namespace RelayServer.Protocol;

/// <summary>
/// The partitioning of a room inside a body, kept as it is encoded:
/// <c>[generation, mode, count, map: nil | bin, edges: nil | [str…]]</c>. Only its form is checked here; who belongs
/// where is not the codec's to know.
/// </summary>
internal static class PartitioningForm
{
    private const int FieldCount = 5;

    // A partitioning stands in the array of the body.
    private const int OpenLevels = 2;

    /// <summary>A room that was never split.</summary>
    private static ReadOnlySpan<byte> Whole =>
        [MessagePackCode.FixArrayMin | FieldCount, 0, 0, 1, MessagePackCode.Nil, MessagePackCode.Nil];

    public static ReadOnlySpan<byte> Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int start = reader.Offset;
        int extra = reader.ReadTupleHeader(FieldCount);
        reader.ReadUInt64(ProtocolLimits.NumberMax);
        reader.ReadUInt64(byte.MaxValue);
        reader.ReadUInt64(ProtocolLimits.PartitionsMax);
        if (reader.IsNil)
        {
            reader.ReadNil();
        }
        else
        {
            reader.ReadBinary(ProtocolLimits.PartitionMapBytesMax);
        }

        if (reader.IsNil)
        {
            reader.ReadNil();
        }
        else
        {
            ReadEdges(ref reader);
        }

        reader.Skip(extra, OpenLevels);
        return body[start..reader.Offset];
    }

    public static void Write(ref MessagePackWriter writer, ReadOnlySpan<byte> encoded) =>
        writer.WriteRaw(encoded.IsEmpty ? Whole : encoded);

    private static void ReadEdges(scoped ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.PartitionsMax);
        for (int i = 0; i < count; i++)
        {
            reader.ReadString(ProtocolLimits.EdgeNameBytesMax);
        }
    }
}
