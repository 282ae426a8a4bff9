using RelayServer.Fabric;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>Tells senders what was refused and why; never silence.</summary>
internal sealed class Refusals(FlushBuilder builder, MasterCounters counters)
{
    /// <summary>After how long a request that was refused for the moment is worth repeating.</summary>
    public const uint RetryAfterMilliseconds = 500;

    /// <summary>A publish.</summary>
    public void Refuse(EdgeLink link, in UpstreamRecord record, in PublishBody publish, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds = 0)
    {
        counters.Refusals++;
        Write(link, record, publish, code, text, retryMilliseconds);
    }

    /// <summary>A publish.</summary>
    public void Refuse(in PublishRequest request, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds = 0) =>
        Refuse(request.Link, request.Record, request.Publish, code, text, retryMilliseconds);

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

        Write(link, record, publish, ErrorCode.Overloaded, "too many rooms are in use; try again"u8, RetryAfterMilliseconds);
    }

    /// <summary>A record for a slot that this master does not own: the edge must look up the owner.</summary>
    public void RefuseUnowned(EdgeLink link, in UpstreamRecord record)
    {
        if (record.Kind == UpstreamKind.Publish)
        {
            PublishBody.TryDecode(record.PublishBody, out PublishBody publish);
            Write(link, record, publish, ErrorCode.Unavailable, "the room is moving to another master; try again"u8, RetryAfterMilliseconds);
        }
    }

    private void Write(
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
        builder.Touch(link);
    }
}
