using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// How one generation of a room is divided, and who belongs where:
/// <c>[generation, mode, count, map: nil | bin(1,024), edges: nil | [str…]]</c>. Never changes but for edges that are
/// added to the end of the list.
/// </summary>
public sealed class Partitioning
{
    /// <summary>Most partitions of a generation.</summary>
    public const int PartitionsMax = ProtocolLimits.PartitionsMax;

    /// <summary>Longest name of an edge, in bytes.</summary>
    public const int EdgeNameBytesMax = ProtocolLimits.EdgeNameBytesMax;

    private const int FieldCount = 5;
    private readonly byte[] _groupOfBucket;
    private readonly string[] _edges;

    // Made when it is first asked for: of most generations nobody asks. Who makes it at the same time makes the same.
    private Dictionary<string, uint>? _partitionOfEdge;

    private Partitioning(ulong generation, SplitMode mode, int count, byte[] groupOfBucket, string[] edges)
    {
        Generation = generation;
        Mode = mode;
        Count = count;
        _groupOfBucket = groupOfBucket;
        _edges = edges;
    }

    /// <summary>Grows by one with every split and merge.</summary>
    public ulong Generation { get; }

    /// <summary>How it is divided.</summary>
    public SplitMode Mode { get; }

    /// <summary>Partitions 0 to this less one; never 0.</summary>
    public int Count { get; }

    /// <summary>Names of the edges, by partition; empty unless divided by edges.</summary>
    public IReadOnlyList<string> Edges => _edges;

    /// <summary>Most bytes that the encoded form takes.</summary>
    public int EncodedBytesMax =>
        1 + (3 * MessagePackWriter.IntegerBytesMax) + (2 * MessagePackWriter.HeadBytesMax) + _groupOfBucket.Length
        + _edges.Sum(edge => MessagePackWriter.HeadBytesMax + Encoding.UTF8.GetByteCount(edge));

    /// <summary>Undivided.</summary>
    public static Partitioning Whole(ulong generation) => new(generation, SplitMode.Whole, 1, [], []);

    /// <summary>Divided by edges; one at least, each named once.</summary>
    public static Partitioning ByEdges(ulong generation, IReadOnlyCollection<string> edges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edges.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edges.Count, PartitionsMax);
        return new Partitioning(generation, SplitMode.Edges, edges.Count, [], [.. edges]);
    }

    /// <summary>Divided into groups; the map says the group of each bucket.</summary>
    public static Partitioning ByGroups(ulong generation, int groups, ReadOnlySpan<byte> groupOfBucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, PartitionsMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(groupOfBucket.Length, MemberBucket.Count);
        return new Partitioning(generation, SplitMode.Groups, groups, groupOfBucket.ToArray(), []);
    }

    /// <summary>The same generation with one more edge at the end of the list.</summary>
    public Partitioning WithEdge(string edge)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Mode, SplitMode.Edges);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Count, PartitionsMax);
        return new Partitioning(Generation, Mode, Count + 1, _groupOfBucket, [.. _edges, edge]);
    }

    /// <summary>The partition that is an edge's own; null when it has none, or the room is not divided by edges.</summary>
    public uint? PartitionOfEdge(string edge) =>
        _edges.Length > 0 && (_partitionOfEdge ??= NumberEdges()).TryGetValue(edge, out uint partition) ? partition : null;

    /// <summary>
    /// Where a user belongs that is, or would have been, at this edge. An edge that was no part of the generation
    /// counts by the user, so that even who was away reads exactly one partition, and everything that all got.
    /// </summary>
    public uint PartitionOf(ReadOnlySpan<byte> userId, string edge) => Mode switch
    {
        SplitMode.Groups => _groupOfBucket[MemberBucket.Of(userId)],
        SplitMode.Edges => PartitionOfEdge(edge) ?? (uint)(MemberBucket.Of(userId) % Count),
        _ => 0,
    };

    /// <summary>Reads the encoded form; null, and the reader failed, when it is not one.</summary>
    public static Partitioning? Read(scoped ref MessagePackReader reader)
    {
        int extra = reader.ReadTupleHeader(FieldCount);
        ulong generation = reader.ReadUInt64(ProtocolLimits.NumberMax);
        ulong mode = reader.ReadUInt64((ulong)SplitMode.Groups);
        int count = (int)reader.ReadUInt64(PartitionsMax);
        byte[] map = ReadMap(ref reader);
        string[] edges = ReadEdges(ref reader);
        reader.Skip(extra);
        var read = new Partitioning(generation, (SplitMode)mode, count, map, edges);
        if (reader.Status == DecodeStatus.Ok && !read.IsSound())
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return reader.Status == DecodeStatus.Ok ? read : null;
    }

    /// <summary>Writes the encoded form.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(Generation);
        writer.WriteUInt64((ulong)Mode);
        writer.WriteUInt64((ulong)Count);
        if (Mode == SplitMode.Groups)
        {
            writer.WriteBinary(_groupOfBucket);
        }
        else
        {
            writer.WriteNil();
        }

        if (Mode != SplitMode.Edges)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(_edges.Length);
        foreach (string edge in _edges)
        {
            writer.WriteString(Encoding.UTF8.GetBytes(edge));
        }
    }

    private static byte[] ReadMap(scoped ref MessagePackReader reader)
    {
        if (reader.IsNil)
        {
            reader.ReadNil();
            return [];
        }

        return reader.ReadBinary(MemberBucket.Count).ToArray();
    }

    private static string[] ReadEdges(scoped ref MessagePackReader reader)
    {
        if (reader.IsNil)
        {
            reader.ReadNil();
            return [];
        }

        int count = reader.ReadArrayHeader();
        if (count > PartitionsMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return [];
        }

        var edges = new string[count];
        for (int i = 0; i < count; i++)
        {
            edges[i] = Encoding.UTF8.GetString(reader.ReadString(EdgeNameBytesMax));
        }

        return edges;
    }

    private Dictionary<string, uint> NumberEdges()
    {
        var partitionOfEdge = new Dictionary<string, uint>(_edges.Length, StringComparer.Ordinal);
        for (int i = 0; i < _edges.Length; i++)
        {
            partitionOfEdge.TryAdd(_edges[i], (uint)i);
        }

        return partitionOfEdge;
    }

    private bool IsSound() => Mode switch
    {
        SplitMode.Groups => Count > 0 && _groupOfBucket.Length == MemberBucket.Count && Array.TrueForAll(_groupOfBucket, group => group < Count),
        SplitMode.Edges => Count > 0 && _edges.Length == Count && _edges.Distinct(StringComparer.Ordinal).Count() == Count,
        _ => Count == 1,
    };
}
