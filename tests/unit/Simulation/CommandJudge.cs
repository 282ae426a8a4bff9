using System.Globalization;
using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds what services are asked, and what callers are told, against each other: what an instance is asked somebody wants, and is not done
/// already; what a caller is told is what an instance has made of his command, and of no other.
/// </summary>
internal sealed class CommandJudge(SimulatedWorld world)
{
    public const string DoneWord = "done: ";

    // What was on its way when something was told.
    private const ulong WayMilliseconds = 50;

    private readonly Dictionary<(string Service, string Subject), string> _users = [];
    private readonly Dictionary<(string User, ulong Number), JudgedCommand> _commands = [];
    private readonly Dictionary<string, (string User, ulong Number)> _byKey = [];
    private readonly Dictionary<ulong, string> _keyByTicket = [];

    public int Results { get; private set; }

    public int RoomResults { get; private set; }

    /// <summary>Commands that are the relay's to do.</summary>
    public int DoneByRelay { get; private set; }

    /// <summary>Calls that went to another instance when the first had gone.</summary>
    public int FurtherAttempts { get; private set; }

    /// <summary>Commands that were begun again, by another owner or because they had failed.</summary>
    public int Repeats { get; private set; }

    public int TimedOut { get; private set; }

    public int Unavailable { get; private set; }

    public int RefusedByServices { get; private set; }

    /// <summary>The outcome is remembered: it is not to be done again.</summary>
    public static bool IsFinal(string outcome) =>
        outcome.StartsWith(DoneWord, StringComparison.Ordinal) || outcome.StartsWith(nameof(ErrorCode.CommandRefused), StringComparison.Ordinal);

    /// <summary>A user whom services know by pseudonyms.</summary>
    public void AddUser(string user, IEnumerable<string> services)
    {
        foreach (string service in services)
        {
            _users.Add((service, PairwiseSubject.Of(new byte[PairwiseSubject.KeyBytes], Encoding.UTF8.GetBytes(service), Encoding.UTF8.GetBytes(user))), user);
        }
    }

    /// <summary>The user whom a service knows by a pseudonym.</summary>
    public string UserOf(string service, string subject) => _users[(service, subject)];

    /// <summary>The pseudonym by which a service knows a user.</summary>
    public string SubjectOf(string service, string user) => _users.First(one => one.Key.Service == service && one.Value == user).Key.Subject;

    /// <summary>An instance was asked.</summary>
    public JudgedCommand Called(string service, EdgeSession session, in CallBody call)
    {
        string subject = Encoding.UTF8.GetString(call.Subject);
        Assert.True(_users.TryGetValue((service, subject), out string? user), $"{service}: {subject} is nobody");
        var arguments = new List<string>();
        foreach (CommandArgument argument in call.Arguments)
        {
            arguments.Add(Encoding.UTF8.GetString(argument.Value));
        }

        ulong number = ulong.Parse(Assert.Single(arguments), CultureInfo.InvariantCulture);
        SimulatedClient client = world.Clients.Single(one => one.User == user);
        ClientCommand asked = Assert.IsType<ClientCommand>(client.Commands.Find(number));
        string verb = Encoding.UTF8.GetString(call.Verb);
        Assert.Equal((asked.Service, asked.Verb, asked.AnswersRoom ? ServiceOperations.Item : ""), (service, verb, Encoding.UTF8.GetString(call.Item)));
        Assert.True(call.Channel.IsEmpty || Encoding.UTF8.GetString(call.Channel) == asked.Channel, $"{asked}: said in {Encoding.UTF8.GetString(call.Channel)}");

        JudgedCommand command = Command(user, number);
        string key = Encoding.UTF8.GetString(call.Key);
        command.Key ??= key;
        Assert.Equal(command.Key, key);
        Assert.True(_byKey.TryAdd(key, (user, number)) || _byKey[key] == (user, number), $"{asked} has the key of {_byKey[key]}");
        Assert.True(_keyByTicket.TryAdd(call.Ticket, key) || _keyByTicket[call.Ticket] == key, $"{asked}: ticket {call.Ticket} is another command's");
        Note(asked, command, session, call);
        return command;
    }

    /// <summary>What became of a command so far, for whoever has to find out why.</summary>
    public string Describe(string user, ClientCommand asked)
    {
        JudgedCommand command = Command(user, asked.Number);
        return $"{asked} was given to [{string.Join("; ", command.Asked.Select(one => $"{one.Key.Ticket}/{one.Key.Attempt} {one.Value}"))}], returned [{string.Join("; ", command.Returned)}]";
    }

    /// <summary>A caller was told that it is done.</summary>
    public void Done(MessageName name, ClientCommand asked, string text)
    {
        JudgedCommand command = Command(name.User, name.Number);
        command.ToldAt = world.Time.Now;
        Results++;
        if (asked.IsRelays)
        {
            Assert.Equal("", text);
            Assert.Empty(command.Asked);
            string place = ClientCommands.PlaceOf(asked, name.User);
            Assert.True(world.StoreMayLose || world.Rooms.Room(place).Flushes.ContainsKey(name), $"{asked} was done, and is not in the log of {place}");
            DoneByRelay++;
            return;
        }

        if (!asked.AnswersRoom)
        {
            Assert.True(command.Returned.Contains(text), $"{asked} was answered with {text}, and has come to: {string.Join(", ", command.Returned)}");
            return;
        }

        Assert.Equal("", text);
        Assert.True(command.Returned.Count > 0, $"{asked} was told to its room, and nobody did it");
        Assert.True(world.StoreMayLose || world.Rooms.Room(asked.Channel!).Flushes.ContainsKey(name), $"{asked} was done, and its room was not told");
        RoomResults++;
    }

    /// <summary>A caller was told that it is not.</summary>
    public void Refused(MessageName name, ClientCommand asked, ErrorCode code, string text)
    {
        JudgedCommand command = Command(name.User, name.Number);
        switch (code)
        {
            case ErrorCode.CommandRefused:
                Assert.True(command.Returned.Contains(text), $"{asked} was refused with {text}, and has come to: {string.Join(", ", command.Returned)}");
                command.ToldAt = world.Time.Now;
                RefusedByServices++;
                break;
            case ErrorCode.ServiceTimeout:
                TimedOut++;
                Assert.True(!asked.IsProbe || command.IsIgnored, $"{asked}: {text}");
                break;
            case ErrorCode.ServiceUnavailable:
                Unavailable++;
                Assert.False(asked.IsProbe, $"{asked}: {text}");
                break;
            case ErrorCode.NotFound or ErrorCode.Conflict:
                Assert.True(asked.IsRelays, $"{asked}: {text}");
                break;
            case ErrorCode.Forbidden:
                Assert.True(asked.AnswersRoom, $"{asked}: {text}");
                break;
            case ErrorCode.UnknownService or ErrorCode.UnknownVerb:
                Assert.False(asked.IsProbe, $"{asked}: {text}");
                break;
            default:
                Assert.True(code.Family() == ErrorFamily.Retry || code == ErrorCode.NumberExpired, $"{asked}: {code}, {text}");
                break;
        }
    }

    private JudgedCommand Command(string user, ulong number)
    {
        if (!_commands.TryGetValue((user, number), out JudgedCommand? command))
        {
            command = new JudgedCommand();
            _commands.Add((user, number), command);
        }

        return command;
    }

    // One ticket is one beginning: each attempt is one instance's, and one more than the one before.
    private void Note(ClientCommand asked, JudgedCommand command, EdgeSession session, in CallBody call)
    {
        Assert.InRange(call.Attempt, 1, RelayServer.Master.Services.ServiceDesk.AttemptsMax);
        (ulong, int) attempt = (call.Ticket, call.Attempt);
        if (command.Asked.TryGetValue(attempt, out object? before))
        {
            Assert.True(before == session, $"{asked}: attempt {call.Attempt} of ticket {call.Ticket} was given to two instances");
            return;
        }

        ulong ticket = call.Ticket;

        // Two owners may have had it when the first of them answered; and one that came later knows nothing of the answer.
        bool isWanted = command.ToldAt is not { } told || world.Time.Now <= told + WayMilliseconds
            || world.IsClaimedBetween(asked.SentAt, told) || (asked.IsAskedAgain && world.IsClaimedSince(told));
        Assert.True(isWanted, $"{asked} is done again at {world.Time.Now}, and was told at {command.ToldAt}: {asked.Outcome}");
        FurtherAttempts += call.Attempt > 1 ? 1 : 0;
        Repeats += call.Attempt == 1 && command.Asked.Count > 0 && command.Asked.Keys.All(one => one.Ticket != ticket) ? 1 : 0;
        command.Asked.Add(attempt, session);
    }
}
