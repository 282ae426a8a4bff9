using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Does the two commands that every service has from the relay: a room, or the inbox of who gives it, subscribes to one of its topics or no
/// longer. Each is a control of that user under the command's own name, so that it is done once however often it is tried.
/// </summary>
internal sealed class SubscriptionCommands(RoomControls controls, ChannelOpener opener)
{
    /// <summary>Commands that wait for their room or inbox to be read; a subscription has 4 KiB of subjects at the most.</summary>
    public const int WaitingMax = 1024;

    private static readonly ControlRefusal s_expired = new(ErrorCode.NumberExpired, "this number has left the log; use a number above all earlier ones");

    private readonly Dictionary<string, int> _waitingByUser = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Has one done, and says what came of it; why not, when that is known already.</summary>
    public ControlRefusal? Take(SubscriptionCommand given, Action<CommandOutcome, ulong> ended, ulong nowMilliseconds)
    {
        byte[] place = given.Channel.Length > 0 ? given.Channel : [.. ChannelName.InboxPrefix, .. given.User];
        int own = _waitingByUser.GetValueOrDefault(given.Name.User);
        if (_waiting == WaitingMax || own == CommandDesk.CallsPerUserMax)
        {
            return ChannelOpener.TooMany;
        }

        _waiting++;
        _waitingByUser[given.Name.User] = own + 1;
        if (opener.TryOpen(place, Opened, nowMilliseconds))
        {
            return null;
        }

        Leave(given.Name.User);
        return ChannelOpener.TooMany;

        void Opened(ChannelState? channel, ulong now)
        {
            Leave(given.Name.User);
            ended(channel is null ? Refused(given, ChannelOpener.CannotBeRead) : Do(channel, given, now), now);
        }
    }

    /// <summary>Forgets what waits.</summary>
    public void Abandon()
    {
        _waiting = 0;
        _waitingByUser.Clear();
    }

    private void Leave(string user)
    {
        _waiting--;
        int left = _waitingByUser[user] - 1;
        if (left == 0)
        {
            _waitingByUser.Remove(user);
        }
        else
        {
            _waitingByUser[user] = left;
        }
    }

    private CommandOutcome Do(ChannelState channel, in SubscriptionCommand command, ulong nowMilliseconds)
    {
        ProducerHistory producer = channel.Producers.GetOrAdd(command.User, command.Name.ProducerId);
        NumberLookup known = producer.Find(command.Name.Number, out _);
        if (known == NumberLookup.Expired)
        {
            return Refused(command, s_expired);
        }

        if (known == NumberLookup.New)
        {
            if (Change(channel, command, nowMilliseconds, out MessagePlace? place) is { } refusal)
            {
                return Refused(command, refusal);
            }

            channel.Producers.Add(producer, command.Name.Number, place!.Value);
        }

        return CommandOutcome.Done(new ResultBody
        {
            Channel = command.Channel,
            Number = command.Name.Number,
            Service = Encoding.UTF8.GetBytes(command.Service),
            Verb = Encoding.UTF8.GetBytes(command.Verb),
        });
    }

    private ControlRefusal? Change(ChannelState channel, in SubscriptionCommand command, ulong nowMilliseconds, out MessagePlace? place)
    {
        var record = new UpstreamRecord
        {
            Kind = UpstreamKind.Publish,
            UserId = command.User,
            Role = (byte)command.TokenRole,
            ClientAddress = command.ClientAddress,
        };
        var request = new PublishRequest(command.Asker.Link, 0, channel, record, [])
        {
            Publish = new PublishBody { Kind = MessageKind.Control, ProducerId = command.Name.ProducerId, Number = command.Name.Number },
        };
        return controls.Take(request, command.Control, nowMilliseconds, out place);
    }

    private static CommandOutcome Refused(in SubscriptionCommand command, ControlRefusal refusal) =>
        CommandOutcome.Refused(new ErrorBody
        {
            Code = refusal.Code,
            Text = Encoding.UTF8.GetBytes(refusal.Text),
            RetryAfterMilliseconds = refusal.RetryAfterMilliseconds,
            Channel = command.Channel,
            Number = command.Name.Number,
        });
}
