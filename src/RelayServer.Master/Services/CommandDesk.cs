using System.Runtime.InteropServices;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>Takes commands: checks them, has them done once each, and answers whoever asks, also when he asks again.</summary>
internal sealed class CommandDesk
{
    /// <summary>Commands of one user under way.</summary>
    public const int CallsPerUserMax = 64;

    /// <summary>How long what the relay itself does waits for a room to be read, in milliseconds: longer than one that cannot be is waited for.</summary>
    public const uint OwnVerbMilliseconds = 30_000;

    // Of a ticket what is the call's. Above it is the epoch of the owner, which is at least the seconds of its claim: nobody gives so many in one.
    private const int TicketBits = 31;

    private readonly ServiceDirectory _directory;
    private readonly ServiceDesk _services;
    private readonly SubjectBook _subjects;
    private readonly ChannelOpener _opener;
    private readonly AnswerBudget _answers;
    private readonly ServiceFrames _frames;
    private readonly RoomResults _results;
    private readonly SubscriptionCommands _subscribing;
    private readonly MasterCounters _counters;
    private readonly Dictionary<CommandName, ServiceCall> _calls = [];
    private readonly Dictionary<string, int> _callsByUser = new(StringComparer.Ordinal);
    private readonly OutcomeMemory _memory = new();
    private ulong _lastTicket;

    public CommandDesk(
        ServiceDirectory directory, ServicePresence presence, SubjectBook subjects, ChannelOpener opener, AnswerBudget answers, ServiceFrames frames,
        RoomResults results, SubscriptionCommands subscribing, MasterCounters counters)
    {
        (_directory, _subjects, _opener, _answers, _frames) = (directory, subjects, opener, answers, frames);
        (_results, _subscribing, _counters) = (results, subscribing, counters);
        _services = new ServiceDesk(directory, presence, frames) { Ended = Ended };
    }

    /// <summary>The instances.</summary>
    public ServiceDesk Services => _services;

    /// <summary>Commands under way.</summary>
    public int Count => _calls.Count;

    /// <summary>Outcomes that are kept.</summary>
    public int OutcomeCount => _memory.Count;

    /// <summary>Takes a command.</summary>
    public void Take(EdgeLink link, in UpstreamRecord record, ulong nowMilliseconds)
    {
        var asker = new CommandAsker(link, record.Session, record.Correlation);
        if (CommandBody.TryDecode(record.Body, out CommandBody body) != DecodeStatus.Ok)
        {
            Refuse(asker, body, ErrorCode.MalformedBody, "the command could not be read");
            return;
        }

        var name = new CommandName(Encoding.UTF8.GetString(record.UserId), body.ProducerId, body.Number);
        if (_calls.TryGetValue(name, out ServiceCall? underWay))
        {
            underWay.Asker = asker;
        }
        else if (_memory.Find(name) is { } outcome)
        {
            AnswerAtOnce(asker, body, outcome);
        }
        else if (!_directory.IsComplete)
        {
            Refuse(asker, body, ErrorCode.Unavailable, "the services are being looked up; try again", Refusals.RetryAfterMilliseconds);
        }
        else
        {
            Begin(asker, name, body, record, nowMilliseconds);
        }
    }

    /// <summary>Four times a second.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        _services.Tick(nowMilliseconds);
        _memory.Forget(nowMilliseconds);
    }

    /// <summary>Forgets all, and begins anew under an epoch: an instance may still be at work on a call of an owner before.</summary>
    public void Own(ulong epoch)
    {
        _services.Abandon();
        _calls.Clear();
        _callsByUser.Clear();
        _memory.Clear();
        _lastTicket = (epoch << TicketBits) & ProtocolLimits.NumberMax;
    }

    private void Begin(CommandAsker asker, in CommandName name, in CommandBody body, in UpstreamRecord record, ulong nowMilliseconds)
    {
        string locale = Encoding.UTF8.GetString(body.Locale);
        string serviceName = Encoding.UTF8.GetString(body.Service);
        string verbName = Encoding.UTF8.GetString(body.Verb);
        if (serviceName.Length == 0)
        {
            string[] about = WordsOf(body.Arguments);
            Help(asker, body, about.ElementAtOrDefault(0) ?? "", about.ElementAtOrDefault(1) ?? "", locale);
        }
        else if (_directory.Find(serviceName) is not { } service)
        {
            Refuse(asker, body, ErrorCode.UnknownService, $"there is no service {serviceName}; /help lists those that there are");
        }
        else if (verbName is "" or ServiceProfile.HelpWord)
        {
            Help(asker, body, serviceName, WordsOf(body.Arguments).FirstOrDefault() ?? "", locale);
        }
        else if (service.CallCount >= ServiceDesk.CallsMax || _callsByUser.GetValueOrDefault(name.User) >= CallsPerUserMax)
        {
            Refuse(asker, body, ErrorCode.Overloaded, "too many commands are under way; wait for answers", Refusals.RetryAfterMilliseconds);
        }
        else if (SubscriptionWords.IsVerb(verbName))
        {
            Subscribe(asker, name, service, verbName, body, record, nowMilliseconds);
        }
        else if (!service.Profile.Verbs.TryGetValue(verbName, out ProfileVerb? verb))
        {
            string verbs = string.Join(", ", service.Profile.Verbs.Keys);
            Refuse(asker, body, ErrorCode.UnknownVerb, $"{serviceName} does not know {verbName}; it knows {(verbs.Length > 0 ? verbs : "no verbs")}");
        }
        else if (FindProblem(verb, body, record.IsLine, out List<string> arguments) is { } problem)
        {
            Refuse(asker, body, ErrorCode.BadArgument, problem, usage: $"; usage: /{serviceName} {verb.Usage}");
        }
        else
        {
            Begin(CreateCall(asker, name, service, verb, arguments, body, record, nowMilliseconds), nowMilliseconds);
        }
    }

    private void Subscribe(
        CommandAsker asker, in CommandName name, RegisteredService service, string verb, in CommandBody body, in UpstreamRecord record, ulong nowMilliseconds)
    {
        List<string> words = TextsOf(body.Arguments);
        RoomControl? control = null;
        string? problem = (record.IsLine ? CommandWords.Split(string.Concat(words), int.MaxValue, out words) : null)
            ?? SubscriptionWords.Read(service.Profile.Name, verb, words, nowMilliseconds, out control);
        if (problem is not null)
        {
            Refuse(asker, body, ErrorCode.BadArgument, problem, usage: $"; usage: /{service.Profile.Name} {SubscriptionWords.UsageOf(verb)}");
            return;
        }

        Begin(
            new ServiceCall(name, service, new ProfileVerb(verb, "", VerbFlags.None, OwnVerbMilliseconds, []))
            {
                Ticket = ++_lastTicket,
                Asker = asker,
                User = record.UserId.ToArray(),
                TokenRole = (Role)record.Role,
                Address = record.ClientAddress,
                Channel = body.Channel.ToArray(),
                Control = control,
                DeadlineMilliseconds = nowMilliseconds + OwnVerbMilliseconds,
            },
            nowMilliseconds);
    }

    private static string? FindProblem(ProfileVerb verb, in CommandBody body, bool isLine, out List<string> arguments)
    {
        arguments = TextsOf(body.Arguments);
        string? problem = isLine ? CommandArguments.Read(verb, string.Concat(arguments), out arguments) : CommandArguments.Check(verb, arguments);
        return problem
            ?? (verb.NeedsItem && body.Item.IsEmpty ? "this is about an item: choose the card that is meant" : null)
            ?? (verb.AnswersRoom && body.Channel.IsEmpty && CommandArguments.FindRoom(verb, arguments) is null ? "this is told to a room: say it in one" : null);
    }

    private ServiceCall CreateCall(
        CommandAsker asker, in CommandName name, RegisteredService service, ProfileVerb verb, List<string> arguments, in CommandBody body,
        in UpstreamRecord record, ulong nowMilliseconds)
    {
        string subject = _subjects.SubjectOf(service.Profile.Name, record.UserId);
        _subjects.Called(service.Profile.Name, subject, record.UserId, nowMilliseconds);
        return new ServiceCall(name, service, verb)
        {
            Ticket = ++_lastTicket,
            Asker = asker,
            User = record.UserId.ToArray(),
            TokenRole = (Role)record.Role,
            Role = (Role)record.Role,
            Address = record.ClientAddress,
            Channel = body.Channel.ToArray(),
            AnswerRoom = !verb.AnswersRoom ? []
                : CommandArguments.FindRoom(verb, arguments) is { } room ? Encoding.UTF8.GetBytes(room) : body.Channel.ToArray(),
            Arguments = arguments,
            Item = body.Item.ToArray(),
            Locale = body.Locale.ToArray(),
            Subject = subject,
            Key = _subjects.KeyOf(service.Profile.Name, name),
            DeadlineMilliseconds = nowMilliseconds + verb.DeadlineMilliseconds,
        };
    }

    // Rooms are looked at before the service is asked: the one that it is said in, and the one that is to get the answer.
    private void Begin(ServiceCall call, ulong nowMilliseconds)
    {
        _calls.Add(call.Name, call);
        _callsByUser[call.Name.User] = _callsByUser.GetValueOrDefault(call.Name.User) + 1;
        _counters.Commands++;
        _services.Begin(call);
        if (call.Control is not null)
        {
            LookAt(SubscriptionCommands.PlaceOf(call), call, (place, now) => Finish(call, _subscribing.Do(place, call, now), now), nowMilliseconds);
            return;
        }

        if (call.Channel.Length == 0)
        {
            AskRoom(call, nowMilliseconds);
            return;
        }

        LookAt(call.Channel, call, (room, now) =>
        {
            call.Role = room.Room.RoleOf(call.User, call.TokenRole);
            bool mayCause = room.Room.HasLetIn(call.Service.Profile.Name) && room.Room.MayReact(call.User, call.TokenRole, now) is null;
            call.DisclosedChannel = mayCause ? call.Channel : [];
            AskRoom(call, now);
        }, nowMilliseconds);
    }

    private void AskRoom(ServiceCall call, ulong nowMilliseconds)
    {
        if (call.AnswerRoom.Length == 0)
        {
            _services.Ask(call, nowMilliseconds);
            return;
        }

        LookAt(call.AnswerRoom, call, (room, now) =>
        {
            if (RoomResults.IsTold(room, call))
            {
                Finish(call, call.Done([]), now);
            }
            else if (RoomResults.Check(room, call, now) is { } refusal)
            {
                Finish(call, call.Refused(refusal), now);
            }
            else
            {
                _services.Ask(call, now);
            }
        }, nowMilliseconds);
    }

    private void LookAt(byte[] room, ServiceCall call, Action<ChannelState, ulong> then, ulong nowMilliseconds)
    {
        if (!_opener.TryOpen(room, Opened, nowMilliseconds))
        {
            Finish(call, call.Refused(ChannelOpener.TooMany), nowMilliseconds);
        }

        void Opened(ChannelState? opened, ulong now)
        {
            // Its time may have ended while the room was being read, and the command have come again.
            if (_calls.GetValueOrDefault(call.Name) != call)
            {
                return;
            }

            if (opened is not null)
            {
                then(opened, now);
            }
            else
            {
                Finish(call, call.Refused(ChannelOpener.CannotBeRead), now);
            }
        }
    }

    private void Ended(ServiceCall call, CallEnd end, ulong nowMilliseconds)
    {
        if (call.Control is not null)
        {
            Finish(call, call.Refused(ChannelOpener.CannotBeRead), nowMilliseconds);
            return;
        }

        _counters.CommandsTimedOut += end.Code == ErrorCode.ServiceTimeout ? 1 : 0;
        _counters.CallsRepeated += call.Attempt > 1 ? 1 : 0;
        if (end.Code != ErrorCode.None)
        {
            Finish(call, call.Refused(end.Code, end.Text, end.Code.Family() == ErrorFamily.Retry ? Refusals.RetryAfterMilliseconds : 0), nowMilliseconds);
        }
        else if (call.AnswerRoom.Length == 0)
        {
            Finish(call, call.Done(end.Body), nowMilliseconds);
        }
        else
        {
            LookAt(call.AnswerRoom, call, (room, now) => Finish(
                call,
                _results.Tell(room, call, end.Body, now) is { } refusal ? call.Refused(refusal) : call.Done([]),
                now), nowMilliseconds);
        }
    }

    private void Finish(ServiceCall call, CommandOutcome outcome, ulong nowMilliseconds)
    {
        if (!_calls.Remove(call.Name))
        {
            return;
        }

        _services.Withdraw(call);
        if (--CollectionsMarshal.GetValueRefOrNullRef(_callsByUser, call.Name.User) == 0)
        {
            _callsByUser.Remove(call.Name.User);
        }

        Answer(call.Name, call.Asker, outcome, nowMilliseconds);
    }

    private void Answer(in CommandName name, CommandAsker asker, CommandOutcome outcome, ulong nowMilliseconds)
    {
        _counters.CommandsRefused += outcome.IsError ? 1 : 0;
        if (outcome.IsFinal)
        {
            _memory.Add(name, outcome, nowMilliseconds);
        }

        _frames.Answer(asker, outcome);
    }

    private void Help(CommandAsker asker, in CommandBody body, string serviceName, string verbName, string locale)
    {
        if (_directory.FindHelp(serviceName, verbName, locale) is not { } text)
        {
            Refuse(asker, body, ErrorCode.UnknownService, $"there is no service {serviceName}; /help lists those that there are");
            return;
        }

        var result = new ResultBody
        {
            Channel = body.Channel,
            Number = body.Number,
            Service = body.Service,
            Verb = "help"u8,
            Text = Encoding.UTF8.GetBytes(text),
        };
        AnswerAtOnce(asker, body, CommandOutcome.Done(result));
    }

    // What costs who asks nothing leaves room in the flush for others.
    private void AnswerAtOnce(CommandAsker asker, in CommandBody body, CommandOutcome outcome)
    {
        if (_answers.TrySpend(outcome.Body.Length))
        {
            _frames.Answer(asker, outcome);
        }
        else
        {
            Refuse(asker, body, ErrorCode.Overloaded, "too much is asked at once; try again", Refusals.RetryAfterMilliseconds);
        }
    }

    private static List<string> TextsOf(EncodedList<CommandArgument> arguments)
    {
        var texts = new List<string>();
        foreach (CommandArgument argument in arguments)
        {
            texts.Add(Encoding.UTF8.GetString(argument.Value));
        }

        return texts;
    }

    // However they are divided: a line has them in one.
    private static string[] WordsOf(EncodedList<CommandArgument> arguments) =>
        [.. TextsOf(arguments).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    // What was typed may be said back, and what a button of a card gives was not typed by who reads it.
    private void Refuse(CommandAsker asker, in CommandBody body, ErrorCode code, string text, uint retryMilliseconds = 0, string usage = "")
    {
        _counters.CommandsRefused++;
        _frames.Answer(asker, CommandOutcome.Refused(new ErrorBody
        {
            Code = code,
            Text = ErrorText.Utf8(TerminalText.Safe(text), usage),
            RetryAfterMilliseconds = retryMilliseconds,
            Channel = body.Channel,
            Number = body.Number,
        }));
    }
}
