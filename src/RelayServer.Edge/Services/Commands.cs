using System.Text;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Services;

/// <summary>
/// Brings commands to the owners of their services, and the answers back: each gets one. What is not answered is given to a new owner
/// again, which knows it by its name.
/// </summary>
internal sealed class Commands(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, Refusals refusals, UpstreamRouter upstream)
{
    /// <summary>Commands of one session that wait for their answer.</summary>
    public const int PendingMax = 16;

    /// <summary>The body of a command, in bytes.</summary>
    public const int BodyBytesMax = 8 * 1024;

    /// <summary>Bodies of all that wait, in bytes.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    /// <summary>Those of one user, in bytes, whatever sessions they came by: else a few users could leave nothing to the others.</summary>
    public const int UserBytesMax = 1024 * 1024;

    // The longest that a service may take, and some time for the ways.
    private const ulong WaitMilliseconds = ServiceProfile.DeadlineMillisecondsMax + 5000;

    // What is told to a room would be said by it where nobody has asked it in.
    private static readonly ControlRefusal s_ofService = new(ErrorCode.Forbidden, "a service gives no commands: the token of this session names one");

    private readonly RateLimit _rate = RateLimit.Of(options.CommandsPerSecondMax);
    private readonly Dictionary<uint, PendingCommand> _pending = [];
    private readonly Dictionary<byte[], int> _bytesByUser = new(Utf8KeyComparer.Instance);
    private uint _lastId;
    private int _bytes;

    /// <summary>Commands that wait for their answer.</summary>
    public int Count => _pending.Count;

    /// <summary>Takes a line of text that is a command.</summary>
    public void TakeLine(EdgeSession session, FrameHeader header, in PublishBody publish, ulong nowMilliseconds)
    {
        ChannelKind? kind = ChannelName.KindOf(publish.Channel);
        if (kind is null or ChannelKind.Topic || session.Find(publish.Channel) is not { IsJoined: true })
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.NotJoined, "join the room first, and wait for JOINED"u8, publish.Channel, publish.Number);
            return;
        }

        if (TypedCommand.Read(publish.Payload, out TypedCommand line) is { } problem)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.BadArgument, Encoding.UTF8.GetBytes(problem), publish.Channel, publish.Number);
            return;
        }

        var command = new CommandBody
        {
            Channel = kind == ChannelKind.Room ? publish.Channel : default,
            Item = Encoding.UTF8.GetBytes(line.Item),
            ProducerId = publish.ProducerId,
            Number = publish.Number,
            Service = WordOf(line.Service),
            Verb = WordOf(line.Verb),
            Arguments = PiecesOf(line.Rest),
        };
        Take(session, header, command, command.ToBytes(), isLine: true, nowMilliseconds);
    }

    /// <summary>Takes a command.</summary>
    public void Take(EdgeSession session, FrameHeader header, in CommandBody command, ReadOnlySpan<byte> body, bool isLine, ulong nowMilliseconds)
    {
        if (Check(session, command, body, nowMilliseconds) is { } refusal)
        {
            refusals.Refuse(session, header.Correlation, refusal, ChannelName.IsValid(command.Channel) ? command.Channel : default, command.Number);
            return;
        }

        session.CommandRate.Take(_rate, 1, nowMilliseconds);
        session.Unanswered += header.Flags.HasFlag(FrameFlags.AckWanted) ? 1 : 0;
        Hold(session.UserId, body.Length);
        counters.Commands++;
        var pending = new PendingCommand(session, header, body.ToArray()) { IsLine = isLine, Slot = SlotOf(command), AskedAtMilliseconds = nowMilliseconds };
        _pending.Add(++_lastId, pending);
        (session.PendingCommands ??= []).Add(_lastId);
        Send(_lastId, pending, nowMilliseconds);
    }

    /// <summary>The slot whose owner answers: that of the service's name, and for help about all that of the first slot.</summary>
    public static int SlotOf(in CommandBody command) =>
        command.Service.IsEmpty ? 0 : Slot.Of(command.Service);

    /// <summary>An answer has come; what was given to two owners may be answered twice, and goes out once.</summary>
    public void Answered(in RelayRecord record)
    {
        if (Settle(record.Correlation) is not { } command)
        {
            return;
        }

        if (record.FrameType == FrameType.Error)
        {
            refusals.Count(record.Body);
        }

        effects.Send(command.Session, SharedFrame.Create(record.FrameType, FrameFlags.None, command.Header.Correlation, record.Body));
    }

    /// <summary>No master will answer.</summary>
    public void Unanswered(uint id)
    {
        if (Settle(id) is { } command && CommandBody.TryDecode(command.Body, out CommandBody body) == DecodeStatus.Ok)
        {
            refusals.Refuse(
                command.Session, command.Header.Correlation, ErrorCode.Unavailable,
                "no master answered in time; the command may or may not have been done: send it again under the same number"u8, body.Channel, body.Number);
        }
    }

    /// <summary>The owner of these slots is another, or may have lost what it has not answered.</summary>
    public void Repeat(Predicate<int> isMeant, ulong nowMilliseconds)
    {
        foreach ((uint id, PendingCommand command) in _pending)
        {
            if (isMeant(command.Slot))
            {
                Send(id, command, nowMilliseconds);
            }
        }
    }

    public void Forget(EdgeSession session)
    {
        foreach (uint id in session.PendingCommands?.ToArray() ?? [])
        {
            Settle(id);
        }
    }

    /// <summary>Refuses what has waited for too long.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        foreach ((uint id, PendingCommand command) in _pending)
        {
            if (nowMilliseconds - command.AskedAtMilliseconds >= WaitMilliseconds)
            {
                Unanswered(id);
            }
        }
    }

    private ControlRefusal? Check(EdgeSession session, in CommandBody command, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        // Not an inbox either: its name has its user's, which no service is told.
        if (!command.Channel.IsEmpty && (!ChannelName.IsValid(command.Channel) || session.Find(command.Channel) is not { IsJoined: true }))
        {
            return new ControlRefusal(ErrorCode.NotJoined, "join the room first, and wait for JOINED");
        }

        if (session.Service.Length > 0)
        {
            return s_ofService;
        }

        if (!MayUse(session, command))
        {
            return RefuseWithoutConsent(Encoding.UTF8.GetString(command.Service));
        }

        if (body.Length > BodyBytesMax)
        {
            return new ControlRefusal(ErrorCode.PayloadTooLarge, $"a command has at most {BodyBytesMax} bytes");
        }

        if (session.CommandRate.Wait(_rate, 1, nowMilliseconds) is > 0 and uint wait)
        {
            return new ControlRefusal(ErrorCode.RateLimited, "too many commands; slow down", wait);
        }

        int ofUser = _bytesByUser.GetValueOrDefault(session.UserId) + body.Length;
        bool isBehind = _bytes + body.Length > BytesMax || upstream.HeldBytes + body.Length > options.UpstreamBytesMax;
        return session.PendingCommands is { Count: >= PendingMax } || ofUser > UserBytesMax ? new ControlRefusal(ErrorCode.Overloaded, "wait for answers before giving more commands", Refusals.RetryAfterMilliseconds)
            : isBehind ? new ControlRefusal(ErrorCode.Overloaded, "the masters are behind; try again", Refusals.RetryAfterMilliseconds)
            : null;
    }

    // A user who was not asked has allowed all. Of what the relay itself does the service never hears; but to subscribe the own inbox lets it in.
    private static bool MayUse(EdgeSession session, in CommandBody command) =>
        session.Consents is null || command.Service.IsEmpty || session.Consents.Contains(Encoding.UTF8.GetString(command.Service))
        || Encoding.UTF8.GetString(command.Verb) switch
        {
            "" or ServiceProfile.HelpWord or SubscriptionWords.Unsubscribe => true,
            SubscriptionWords.Subscribe => !command.Channel.IsEmpty,
            _ => false,
        };

    public static ControlRefusal RefuseWithoutConsent(string service) => new(
        ErrorCode.ConsentRequired, $"you have not allowed {TerminalText.Safe(service)} to serve you; give it your consent where you signed in");

    // The rest of a line may be longer than an argument: it goes in pieces, which the owner puts together again.
    private static EncodedList<CommandArgument> PiecesOf(string rest)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(rest);
        byte[] encoded = new byte[utf8.Length + (MessagePackWriter.HeadBytesMax * ProtocolLimits.ArgumentsMax)];
        var writer = new MessagePackWriter(encoded);
        int count = 0;
        for (int start = 0, end; start < utf8.Length; start = end, count++)
        {
            end = Math.Min(utf8.Length, start + ProtocolLimits.ArgumentBytesMax);
            while (end < utf8.Length && (utf8[end] & 0xc0) == 0x80)
            {
                end--;
            }

            writer.WriteString(utf8.AsSpan(start, end - start));
        }

        return new EncodedList<CommandArgument>(encoded.AsSpan(0, writer.WrittenBytes), count);
    }

    // One that is too long to be a name is told apart from every name by what no name has.
    private static byte[] WordOf(string typed)
    {
        byte[] word = Encoding.UTF8.GetBytes(typed);
        return word.Length <= ProtocolLimits.ServiceWordBytesMax ? word : "?"u8.ToArray();
    }

    private void Send(uint id, PendingCommand command, ulong nowMilliseconds) => upstream.Add(
        new UpstreamRecord
        {
            Kind = UpstreamKind.Command,
            Session = command.Session.Id,
            Correlation = id,
            UserId = command.Session.UserId,
            Role = (byte)command.Session.Role,
            ClientAddress = command.Session.Address,
            Body = command.Body,
            IsLine = command.IsLine,
        },
        command.Slot,
        nowMilliseconds);

    private void Hold(byte[] user, int bytes)
    {
        _bytes += bytes;
        int ofUser = _bytesByUser.GetValueOrDefault(user) + bytes;
        if (ofUser == 0)
        {
            _bytesByUser.Remove(user);
        }
        else
        {
            _bytesByUser[user] = ofUser;
        }
    }

    private PendingCommand? Settle(uint id)
    {
        if (!_pending.Remove(id, out PendingCommand? command))
        {
            return null;
        }

        Hold(command.Session.UserId, -command.Body.Length);
        command.Session.PendingCommands!.Remove(id);
        command.Session.Unanswered -= command.Header.Flags.HasFlag(FrameFlags.AckWanted) && command.Session.Unanswered > 0 ? 1 : 0;
        return command;
    }
}
