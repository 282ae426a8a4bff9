using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Takes the frames of a signed-in connection to whom they concern.</summary>
internal sealed class SessionFrames(
    ControlQueue control,
    PublishLedger ledger,
    Memberships memberships,
    DeliveryIntake intake,
    RoomQueries queries,
    PendingCommands commands,
    IServiceEnd? service) : IFrameHandler
{
    /// <summary>A message without an ack, or a reaction, was refused.</summary>
    public event Action<RelayRefusal>? SendRefused;

    public ValueTask HandleAsync(
        Connection connection, FrameHeader header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        switch (header.Type)
        {
            case FrameType.Deliver:
                return intake.TakeDeliverAsync((header.Flags & FrameFlags.Ephemeral) != 0, body.Span, cancellationToken);
            case FrameType.PubAck:
                Check(PubAckBody.TryDecode(body.Span, out PubAckBody ack), header);
                ledger.Acknowledge(ack);
                break;
            case FrameType.Gap:
                Check(GapBody.TryDecode(body.Span, out GapBody gap), header);
                return intake.TakeGapAsync(gap, cancellationToken);
            case FrameType.Joined:
                Check(JoinedBody.TryDecode(body.Span, out JoinedBody joined), header);
                memberships.TakeJoined(header.Correlation, joined);
                commands.SendHeld();
                break;
            case FrameType.Left:
                Check(LeftBody.TryDecode(body.Span, out LeftBody left), header);
                memberships.TakeLeft(left);
                commands.SendHeld();
                break;
            case FrameType.Error:
                TakeError(header, body.Span);
                break;
            case FrameType.Ping:
                control.WritePong(header.Correlation);
                break;
            case FrameType.Close:
                Check(CloseBody.TryDecode(body.Span, out CloseBody close), header);
                connection.End(ConnectionEnd.Closed(close));
                break;
            case FrameType.Draining:
                Check(DrainingBody.TryDecode(body.Span, out DrainingBody draining), header);
                connection.MoveAfter(TimeSpan.FromMilliseconds(draining.MoveAfterMilliseconds));
                break;
            case FrameType.Answer or FrameType.Room or FrameType.Counts or FrameType.Reactions:
                TakeAboutRooms(header, body.Span);
                break;
            case FrameType.Result or FrameType.Service or FrameType.Registered or FrameType.Call:
                TakeAboutServices(header, body.Span);
                break;
            case FrameType.Hello or FrameType.Auth or FrameType.Welcome or FrameType.Join or FrameType.Leave or FrameType.Publish
                or FrameType.Query or FrameType.React or FrameType.Command or FrameType.Register or FrameType.Return:
                throw new ProtocolFaultException($"the server sent {header.Type}, which is not its to send now");
            default:
                // PONG says all by arriving. Types of a later version are not for us.
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void TakeAboutRooms(FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Type)
        {
            case FrameType.Answer:
                Check(AnswerBody.TryDecodeKind(body, out QueryKind what), header);
                if (Enum.IsDefined(what))
                {
                    queries.TakeAnswer(header.Correlation, body);
                }

                break;
            case FrameType.Room:
                Check(StatusBody.TryDecodeRoom(body, out StatusBody room), header);
                intake.TakeRoom(room, body.Length);
                break;
            case FrameType.Counts:
                Check(CountsBody.TryDecode(body, out CountsBody counts), header);
                intake.TakeCounts(counts);
                break;
            default:
                Check(ReactionsBody.TryDecode(body, out ReactionsBody reactions), header);
                intake.TakeReactions(reactions);
                break;
        }
    }

    private void TakeAboutServices(FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Type)
        {
            case FrameType.Result:
                Check(ResultBody.TryDecode(body, out ResultBody result), header);
                if (!commands.TakeResult(header.Correlation, result))
                {
                    ledger.FailAsCommand(result.Number);
                }

                break;
            case FrameType.Service:
                Check(ServiceBody.TryDecode(body, out ServiceBody change), header);
                intake.TakeService(change);
                break;
            case FrameType.Registered:
                Check(RegisteredBody.TryDecode(body, out _), header);
                service?.TakeRegistered();
                break;
            default:
                Check(CallBody.TryDecode(body, out CallBody call), header);
                service?.TakeCall(call);
                break;
        }
    }

    private void TakeError(FrameHeader header, ReadOnlySpan<byte> bytes)
    {
        Check(ErrorBody.TryDecode(bytes, out ErrorBody error), header);
        string text = Encoding.UTF8.GetString(error.Text);
        var retryAfter = TimeSpan.FromMilliseconds(error.RetryAfterMilliseconds);
        if (header.Correlation == ControlQueue.CommandCorrelation)
        {
            commands.TakeRefusal(error.Number ?? 0, error.Code, text, retryAfter);
        }
        else if (header.Correlation is ControlQueue.RegisterCorrelation or ControlQueue.ReturnCorrelation)
        {
            service?.TakeRefusal(header.Correlation == ControlQueue.RegisterCorrelation, RelayException.Refused(error.Code, text, retryAfter));
        }
        else if (error.Number is not { } number)
        {
            if (header.Correlation == ControlQueue.ReactCorrelation)
            {
                SendRefused?.Invoke(new RelayRefusal(Encoding.UTF8.GetString(error.Channel), 0, error.Code, text));
            }
            else if (!queries.TryTakeRefusal(header.Correlation, error.Code, text, retryAfter))
            {
                memberships.TakeRefusal(header.Correlation, error.Code, text, retryAfter);
                commands.SendHeld();
            }
        }
        else if (!ledger.Refuse(number, error.Code, text, retryAfter))
        {
            SendRefused?.Invoke(new RelayRefusal(Encoding.UTF8.GetString(error.Channel), number, error.Code, text));
        }
    }

    private static void Check(DecodeStatus status, FrameHeader header)
    {
        if (status != DecodeStatus.Ok)
        {
            throw new ProtocolFaultException($"a {header.Type} from the server is malformed ({status})");
        }
    }
}
