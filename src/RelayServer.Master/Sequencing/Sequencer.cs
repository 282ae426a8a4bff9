using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>Decides about one publish at a time: repeated, refused, or the next place in its channel.</summary>
internal sealed class Sequencer(MasterOptions options, FlushBuilder builder, MasterCounters counters)
{
    private const uint RetryAfterMilliseconds = 500;
    private readonly AckBook _acks = new();
    private int _parkedBytes;

    public void Publish(EdgeLink link, ChannelState channel, in UpstreamRecord record, ulong nowMilliseconds)
    {
        if (PublishBody.TryDecode(record.PublishBody, out PublishBody publish) != DecodeStatus.Ok)
        {
            Refuse(link, record, publish, ErrorCode.MalformedBody, "the message could not be read"u8, 0);
            return;
        }

        var message = new DeliverMessage
        {
            Kind = publish.Kind,
            From = record.UserId,
            ProducerId = publish.ProducerId,
            Number = publish.Number,
            Payload = publish.Payload,
        };
        if (record.Flags.HasFlag(FrameFlags.Ephemeral))
        {
            builder.Ephemeral(channel, message, nowMilliseconds);
            return;
        }

        ulong trimmedSeq = channel.Retention.TrimmedSeq;
        ProducerHistory producer = channel.Producers.GetOrAdd(record.UserId, publish.ProducerId, trimmedSeq);
        switch (producer.Find(publish.Number, trimmedSeq, out ulong epoch, out ulong seq))
        {
            case NumberLookup.Expired:
                Refuse(link, record, publish, ErrorCode.NumberExpired,
                    "this message number has left the retention window; use a number above all earlier ones"u8, 0);
                return;
            case NumberLookup.Known:
                counters.Duplicates++;
                break;
            default:
                seq = builder.Append(channel, message, nowMilliseconds);
                epoch = channel.Epoch;
                producer.Add(publish.Number, epoch, seq);
                counters.Publishes++;
                break;
        }

        if (record.Flags.HasFlag(FrameFlags.AckWanted))
        {
            _acks.Add(new AckKey(link, record.Session, channel, publish.ProducerId, epoch), publish.Number, seq);
        }
    }

    /// <summary>Keeps a publish until its channel's log has been read.</summary>
    public void Park(EdgeLink link, ulong batchNo, ChannelState channel, in UpstreamRecord record, ReadOnlySpan<byte> encoded)
    {
        if (_parkedBytes + encoded.Length > options.ParkedBytesMax)
        {
            PublishBody.TryDecode(record.PublishBody, out PublishBody publish);
            Refuse(link, record, publish, ErrorCode.Overloaded, "the room is being opened; try again"u8, RetryAfterMilliseconds);
            return;
        }

        link.Park(batchNo);
        _parkedBytes += encoded.Length;
        channel.Parked.Enqueue(new ParkedRecord(link, batchNo, encoded.ToArray()));
    }

    public void Unpark(in ParkedRecord parked)
    {
        parked.Link.Unpark(parked.BatchNo);
        _parkedBytes -= parked.Record.Length;
    }

    public void WriteAcks() => _acks.WriteAll();

    /// <summary>Drops what was staged and what waits.</summary>
    public void Abandon()
    {
        _acks.Forget();
        _parkedBytes = 0;
    }

    /// <summary>A record for a channel that there is no room for; an interest is refused to session 0, for all that wait for it.</summary>
    public void RefuseChannel(EdgeLink link, in UpstreamRecord record)
    {
        PublishBody publish = default;
        if (record.Kind == UpstreamKind.Publish)
        {
            PublishBody.TryDecode(record.PublishBody, out publish);
            counters.Refusals++;
        }
        else
        {
            counters.InterestsRefused++;
        }

        WriteError(link, record, publish, ErrorCode.Overloaded, "too many rooms are in use; try again"u8, RetryAfterMilliseconds);
    }

    /// <summary>A record for a slot that this master does not own: the edge must look up the owner.</summary>
    public void RefuseUnowned(EdgeLink link, in UpstreamRecord record)
    {
        if (record.Kind != UpstreamKind.Publish)
        {
            return;
        }

        PublishBody.TryDecode(record.PublishBody, out PublishBody publish);
        WriteError(link, record, publish, ErrorCode.Unavailable, "the room is moving to another master; try again"u8, RetryAfterMilliseconds);
    }

    private void Refuse(
        EdgeLink link, in UpstreamRecord record, in PublishBody publish, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds)
    {
        counters.Refusals++;
        WriteError(link, record, publish, code, text, retryMilliseconds);
    }

    private void WriteError(
        EdgeLink link, in UpstreamRecord record, in PublishBody publish, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds)
    {
        var error = new ErrorBody
        {
            Code = code,
            Text = text,
            RetryAfterMilliseconds = retryMilliseconds,
            Channel = record.Kind == UpstreamKind.Publish ? publish.Channel : record.Channel,
            Number = record.Kind == UpstreamKind.Publish ? publish.Number : null,
        };
        Span<byte> body = stackalloc byte[2 * ProtocolLimits.TextBytesMax];
        error.TryEncode(body, out int bodyBytes);
        builder.CountRecords(RelayRecord.OverheadBytesMax + bodyBytes);
        RelayRecords.Write(link.Records, new RelayRecord
        {
            Kind = RelayKind.Error,
            Session = record.Session,
            Correlation = record.Correlation,
            Flags = record.Flags,
            Body = body[..bodyBytes],
        });
    }
}
