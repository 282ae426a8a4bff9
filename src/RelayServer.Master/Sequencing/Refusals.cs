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

    /// <summary>A publish, a query or an interest; an interest is refused to session 0, for all that wait for it.</summary>
    public void Refuse(EdgeLink link, in UpstreamRecord record, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds = 0)
    {
        switch (record.Kind)
        {
            case UpstreamKind.Publish:
                counters.Refusals++;
                break;
            case UpstreamKind.Query:
                counters.QueriesRefused++;
                break;
            default:
                counters.InterestsRefused++;
                break;
        }

        Write(link, record, code, text, retryMilliseconds);
    }

    /// <summary>A publish.</summary>
    public void Refuse(in PublishRequest request, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds = 0) =>
        Refuse(request.Link, request.Record, code, text, retryMilliseconds);

    /// <summary>A record for a channel that there is no room for.</summary>
    public void RefuseChannel(EdgeLink link, in UpstreamRecord record) =>
        Refuse(link, record, ErrorCode.Overloaded, "too many rooms are in use; try again"u8, RetryAfterMilliseconds);

    /// <summary>A record for a slot that this master does not own: the edge must look up the owner.</summary>
    public void RefuseUnowned(EdgeLink link, in UpstreamRecord record)
    {
        if (record.Kind is UpstreamKind.Publish or UpstreamKind.Query or UpstreamKind.Command)
        {
            Write(link, record, ErrorCode.Unavailable, "the room is moving to another master; try again"u8, RetryAfterMilliseconds);
        }
    }

    private void Write(EdgeLink link, in UpstreamRecord record, ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds)
    {
        var error = new ErrorBody { Code = code, Text = text, RetryAfterMilliseconds = retryMilliseconds, Channel = record.Channel };
        switch (record.Kind)
        {
            case UpstreamKind.Publish:
                PublishBody.TryDecode(record.PublishBody, out PublishBody publish);
                error.Channel = publish.Channel;
                error.Number = publish.Number;
                break;
            case UpstreamKind.Query:
                QueryBody.TryDecode(record.QueryBody, out QueryBody query);
                error.Channel = query.Channel;
                break;
            case UpstreamKind.Command:
                CommandBody.TryDecode(record.Body, out CommandBody command);
                error.Channel = command.Channel;
                error.Number = command.Number;
                break;
        }

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
