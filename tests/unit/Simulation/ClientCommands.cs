using System.Text;
using RelayServer.Edge.Services;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>The commands of one client: sent again, unchanged, until each has its outcome; every answer is judged.</summary>
internal sealed class ClientCommands(SimulatedWorld world, SimulatedClient client, ulong producerId)
{
    private const ulong AskAgainMilliseconds = 5000;

    private readonly SortedDictionary<ulong, ClientCommand> _pending = [];
    private readonly Dictionary<uint, ClientCommand> _asked = [];
    private readonly Dictionary<ulong, ClientCommand> _all = [];
    private (ClientCommand Command, ulong At)? _last;

    public IReadOnlyCollection<ClientCommand> Pending => _pending.Values;

    /// <summary>Gives a command.</summary>
    public void Give(ClientCommand command)
    {
        if (_pending.Count < Commands.PendingMax)
        {
            _pending.Add(command.Number, command);
            _all.Add(command.Number, command);
            SendPending();
        }
    }

    /// <summary>A command that it has given; null when there is none.</summary>
    public ClientCommand? Find(ulong number) => _all.GetValueOrDefault(number);

    /// <summary>Asks once more for what was answered: the same comes, and nothing is done again.</summary>
    public void AskAgain()
    {
        if (_last is { } last && world.Time.Now - last.At < AskAgainMilliseconds && !_pending.ContainsKey(last.Command.Number)
            && (last.Command.Channel is not { } channel || client.Room(channel).IsWanted))
        {
            last.Command.IsSent = false;
            last.Command.IsAskedAgain = true;
            _pending.Add(last.Command.Number, last.Command);
            SendPending();
        }
    }

    /// <summary>A new connection knows of none.</summary>
    public void Connected()
    {
        _asked.Clear();
        foreach (ClientCommand command in _pending.Values)
        {
            command.IsSent = false;
        }
    }

    /// <summary>Sends what was not sent, or is to be tried again by now.</summary>
    public void SendPending()
    {
        foreach (ClientCommand command in _pending.Values.Where(command => !command.IsSent && command.NotBefore <= world.Time.Now).ToArray())
        {
            if (!client.IsConnected || (command.Channel is { } channel && client.Room(channel) is not { IsJoined: true, IsLeaving: false }))
            {
                continue;
            }

            command.IsSent = true;
            command.SentAt = command.SentAt == 0 ? world.Time.Now : command.SentAt;
            uint correlation = client.NextCorrelation();
            _asked.Add(correlation, command);
            if (command.AnswersRoom || command.IsRelays)
            {
                world.Rooms.Sent(PlaceOf(command, client.User), Name(command), client.Edge);
            }

            client.Send(command.Frame(correlation, producerId, world.Time.OneIn(2) ? FrameFlags.AckWanted : FrameFlags.None));
        }
    }

    public void TakeResult(FrameHeader header, ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, ResultBody.TryDecode(body, out ResultBody result));
        ClientCommand command = Settle(header.Correlation, result.Number, result.Channel);
        Assert.Equal((command.Service, command.Verb), (Encoding.UTF8.GetString(result.Service), Encoding.UTF8.GetString(result.Verb)));
        string text = Encoding.UTF8.GetString(result.Text);
        world.Calls!.Done(Name(command), command, text);
        End(command, CommandJudge.DoneWord + text);
    }

    /// <summary>False when the refusal is of something else.</summary>
    public bool TryTakeError(FrameHeader header, in ErrorBody error)
    {
        if (!_asked.ContainsKey(header.Correlation))
        {
            return false;
        }

        ClientCommand command = Settle(header.Correlation, error.Number!.Value, error.Channel);
        string text = Encoding.UTF8.GetString(error.Text);
        world.Calls!.Refused(Name(command), command, error.Code, text);
        bool mayGiveUp = error.Code is ErrorCode.ServiceUnavailable or ErrorCode.ServiceTimeout && world.Time.OneIn(2);
        if (error.Code.Family() == ErrorFamily.Retry && !mayGiveUp)
        {
            command.IsSent = false;
            command.NotBefore = world.Time.Now + error.RetryAfterMilliseconds;
            _pending.Add(command.Number, command);
            return true;
        }

        End(command, $"{error.Code}: {text}");
        return true;
    }

    /// <summary>The room that it is said in, or the inbox of who says it.</summary>
    public static string PlaceOf(ClientCommand command, string user) => command.Channel ?? ClientRoom.InboxPrefix + user;

    private MessageName Name(ClientCommand command) => new(client.User, producerId, command.Number);

    // Each question has one answer.
    private ClientCommand Settle(uint correlation, ulong number, ReadOnlySpan<byte> channel)
    {
        Assert.True(_asked.Remove(correlation, out ClientCommand? command), $"{client}: an answer to {correlation}, which was not asked or was answered");
        Assert.Equal((command.Number, command.Channel ?? ""), (number, Encoding.UTF8.GetString(channel)));
        Assert.True(_pending.Remove(command.Number));
        return command;
    }

    private void End(ClientCommand command, string outcome)
    {
        bool isKnown = command.Outcome is { } before && CommandJudge.IsFinal(before) && !world.IsClaimedSince(command.ToldAt);
        Assert.True(!isKnown || command.Outcome == outcome, $"{client}: {command} was answered anew with {outcome}");
        bool isFinal = CommandJudge.IsFinal(outcome);
        command.Outcome = outcome;
        command.ToldAt = world.Time.Now;
        _last = isFinal ? (command, world.Time.Now) : _last;
    }
}
