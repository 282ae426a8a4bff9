using RelayServer.Fabric;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>Hands frames to the sessions of services, and outcomes to those who gave commands.</summary>
internal sealed class ServiceFrames(FlushBuilder builder)
{
    public void Send(EdgeLink link, ulong session, FrameType type, uint correlation, ReadOnlySpan<byte> body) =>
        Write(link, new RelayRecord { Kind = RelayKind.Frame, Session = session, FrameType = type, Correlation = correlation, Body = body });

    public void Answer(CommandAsker asker, CommandOutcome outcome) => Write(asker.Link, new RelayRecord
    {
        Kind = RelayKind.Outcome,
        Session = asker.Session,
        FrameType = outcome.IsError ? FrameType.Error : FrameType.Result,
        Correlation = asker.Id,
        Body = outcome.Body,
    });

    public void Refuse(EdgeLink link, ulong session, uint correlation, ErrorCode code, string text) =>
        Send(link, session, FrameType.Error, correlation, CommandOutcome.Refused(new ErrorBody { Code = code, Text = ErrorText.Utf8(text) }).Body);

    private void Write(EdgeLink link, in RelayRecord record)
    {
        // An edge that is gone has lost its sessions too.
        if (link.IsForgotten)
        {
            return;
        }

        builder.CountRecords(record.EncodedBytesMax);
        RelayRecords.Write(link.Records, record);
        builder.Touch(link);
    }
}
