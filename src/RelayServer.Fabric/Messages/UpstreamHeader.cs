using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>
/// The head of an edge's message to a master: <c>[edge_id, link, batch_no, confirmed_relay_no]</c>; records follow until the
/// end. Batch 0 is not numbered and carries no records: it only confirms and shows that the edge lives.
/// </summary>
public ref struct UpstreamHeader
{
    /// <summary>Most bytes a header takes.</summary>
    public const int BytesMax = 1 + MessagePackWriter.HeadBytesMax + NodeIdBytesMax + (3 * MessagePackWriter.IntegerBytesMax);

    /// <summary>A node id, in bytes.</summary>
    public const int NodeIdBytesMax = 96;

    private const int FieldCount = 4;

    /// <summary>The sender; new at every start of the process.</summary>
    public ReadOnlySpan<byte> EdgeId { get; set; }

    /// <summary>The link that the numbers belong to, as the master named it; 0 when it has not yet.</summary>
    public ulong Link { get; set; }

    /// <summary>Numbers the batches of one link from 1 without holes.</summary>
    public ulong BatchNo { get; set; }

    /// <summary>Highest relay of this master that the edge has handed to its members' connections.</summary>
    public ulong ConfirmedRelayNo { get; set; }

    /// <summary>Reads the head; the reader then stands at the first record.</summary>
    public static UpstreamHeader Read(scoped ref MessagePackReader reader)
    {
        UpstreamHeader header = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        header.EdgeId = reader.ReadString(NodeIdBytesMax);
        header.Link = reader.ReadUInt64();
        header.BatchNo = reader.ReadUInt64();
        header.ConfirmedRelayNo = reader.ReadUInt64();
        reader.Skip(extra);
        return header;
    }

    /// <summary>Writes the head.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(EdgeId);
        writer.WriteUInt64(Link);
        writer.WriteUInt64(BatchNo);
        writer.WriteUInt64(ConfirmedRelayNo);
    }
}
