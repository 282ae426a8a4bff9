using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>
/// The head of a master's message to an edge: <c>[master_id, link, relay_no, received_batch_no, completed_batch_no]</c>;
/// records and DELIVER bodies (each a bin) follow until the end.
/// </summary>
public ref struct RelayHeader
{
    /// <summary>Most bytes a header takes.</summary>
    public const int BytesMax =
        1 + MessagePackWriter.HeadBytesMax + UpstreamHeader.NodeIdBytesMax + (4 * MessagePackWriter.IntegerBytesMax);

    private const int FieldCount = 5;

    /// <summary>The sender; new at every start of the process.</summary>
    public ReadOnlySpan<byte> MasterId { get; set; }

    /// <summary>Names what the two know of each other; another link means that the master has forgotten the edge, and all numbers begin anew.</summary>
    public ulong Link { get; set; }

    /// <summary>Numbers the relays of one link from 1; a hole means that some were lost.</summary>
    public ulong RelayNo { get; set; }

    /// <summary>All batches up to this one have arrived: the next may be sent.</summary>
    public ulong ReceivedBatchNo { get; set; }

    /// <summary>All publishes in batches up to this one are answered, in this relay or an earlier one.</summary>
    public ulong CompletedBatchNo { get; set; }

    /// <summary>Reads the head; the reader then stands at the first record.</summary>
    public static RelayHeader Read(scoped ref MessagePackReader reader)
    {
        RelayHeader header = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        header.MasterId = reader.ReadString(UpstreamHeader.NodeIdBytesMax);
        header.Link = reader.ReadUInt64();
        header.RelayNo = reader.ReadUInt64();
        header.ReceivedBatchNo = reader.ReadUInt64();
        header.CompletedBatchNo = reader.ReadUInt64();
        reader.Skip(extra);
        return header;
    }

    /// <summary>Writes the head.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(MasterId);
        writer.WriteUInt64(Link);
        writer.WriteUInt64(RelayNo);
        writer.WriteUInt64(ReceivedBatchNo);
        writer.WriteUInt64(CompletedBatchNo);
    }
}
