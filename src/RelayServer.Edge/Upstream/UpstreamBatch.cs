using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Upstream;

/// <summary>
/// Records for one master, kept until they are answered. Room for the head is left in front, so that the batch can be
/// sent, and sent again under another number, without copying it.
/// </summary>
internal sealed class UpstreamBatch : IDisposable
{
    private delegate bool RecordPredicate(in UpstreamRecord record);

    private readonly PooledBuffer _buffer = new();

    public UpstreamBatch()
    {
        Clear();
    }

    /// <summary>0 until it is sent.</summary>
    public ulong BatchNo { get; set; }

    public ulong CreatedAtMilliseconds { get; set; }

    public ulong SentAtMilliseconds { get; set; }

    public int RecordBytes => _buffer.WrittenBytes - UpstreamHeader.BytesMax;

    public ReadOnlySpan<byte> Records => _buffer.WrittenSpan[UpstreamHeader.BytesMax..];

    public void Add(in UpstreamRecord record)
    {
        var writer = new MessagePackWriter(_buffer.Reserve(record.EncodedBytesMax));
        record.Write(ref writer);
        _buffer.Advance(writer.WrittenBytes);
    }

    public void AddEncoded(ReadOnlySpan<byte> record) => _buffer.Append(record);

    /// <summary>
    /// Drops what must not be sent twice: messages that are not logged, and sums, cannot be recognised when they come again.
    /// Who is here is told anew with the interests, which are repeated then, and a census is not waited for so long.
    /// </summary>
    public void DropUnrepeatable() => Drop(static (in UpstreamRecord record) =>
        record.Flags.HasFlag(FrameFlags.Ephemeral) || record.Kind is UpstreamKind.Reactions or UpstreamKind.Presence or UpstreamKind.Census or UpstreamKind.Command);

    /// <summary>
    /// Drops commands. Those that wait for their answer are told anew; one that has it must not be done again by a master that does not
    /// know that.
    /// </summary>
    public void DropCommands() => Drop(static (in UpstreamRecord record) => record.Kind == UpstreamKind.Command);

    private void Drop(RecordPredicate isDropped)
    {
        byte[] records = Records.ToArray();
        Clear();
        var reader = new MessagePackReader(records);
        while (reader.RemainingBytes > 0 && reader.Status == DecodeStatus.Ok)
        {
            int start = reader.Offset;
            UpstreamRecord record = UpstreamRecord.Read(ref reader, records);
            if (!isDropped(record))
            {
                AddEncoded(records.AsSpan()[start..reader.Offset]);
            }
        }
    }

    /// <summary>Takes all records out, keeping the number: the master's count must have no hole.</summary>
    public void Clear()
    {
        _buffer.Clear();
        _buffer.Reserve(UpstreamHeader.BytesMax);
        _buffer.Advance(UpstreamHeader.BytesMax);
    }

    /// <summary>The whole message, with the head written right before the records.</summary>
    public ReadOnlyMemory<byte> Message(ReadOnlySpan<byte> edgeId, ulong link, ulong confirmedRelayNo)
    {
        Span<byte> head = stackalloc byte[UpstreamHeader.BytesMax];
        var writer = new MessagePackWriter(head);
        new UpstreamHeader { EdgeId = edgeId, Link = link, BatchNo = BatchNo, ConfirmedRelayNo = confirmedRelayNo }.Write(ref writer);
        int start = UpstreamHeader.BytesMax - writer.WrittenBytes;
        head[..writer.WrittenBytes].CopyTo(_buffer.Written(start, writer.WrittenBytes));
        return _buffer.WrittenMemory[start..];
    }

    public void Dispose() => _buffer.Dispose();
}
