using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Comparison of two partitionings.</summary>
internal static class PartitioningExtensions
{
    /// <summary>True when the other is the same generation, divided the same way; edges may have come to it.</summary>
    public static bool IsContinuedBy(this Partitioning partitioning, Partitioning other)
    {
        if (partitioning.Generation != other.Generation || partitioning.Mode != other.Mode || partitioning.Count > other.Count)
        {
            return false;
        }

        return partitioning.Mode == SplitMode.Edges
            ? partitioning.Edges.SequenceEqual(other.Edges.Take(partitioning.Count))
            : Encode(partitioning).AsSpan().SequenceEqual(Encode(other));
    }

    private static byte[] Encode(Partitioning partitioning)
    {
        byte[] encoded = new byte[partitioning.EncodedBytesMax];
        var writer = new MessagePackWriter(encoded);
        partitioning.Write(ref writer);
        return encoded[..writer.WrittenBytes];
    }
}
