using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Queries;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Master.Speech;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Controls;

/// <summary>
/// Changes of rooms, each at its place in the log: checked against the sender's role, done, saved and told to every
/// partition in one flush.
/// </summary>
internal sealed class RoomControls(
    MasterOptions options, RoomDirectory directory, ServiceDirectory services, FlushBuilder builder, SplitDesk splits, AutoSplitDesk autoSplits, Refusals refusals, MasterCounters counters)
{
    // Else anybody could make the room that others talk in his own, and silence them.
    private static readonly ControlRefusal s_inUse = new(
        ErrorCode.Forbidden, "others talk in this open room already; choose another name, or ask an operator to create it");

    private static readonly ControlRefusal s_neverThere = new(
        ErrorCode.NotFound, "delete: the room never had this message; ephemeral ones are not kept and cannot be deleted");

    private static readonly ControlRefusal s_listFull = new(
        ErrorCode.Conflict, "limit reached: there are as many rooms that have not ended as the relay lists; try again when one has, or ask an operator");

    private static readonly ControlRefusal s_notOfTopics = new(ErrorCode.Forbidden, "a topic is its service's; subscribe a room or your inbox to it");

    private static readonly ControlRefusal s_notOfInboxes = new(ErrorCode.Forbidden, "in an inbox its own user subscribes and unsubscribes, and nobody does anything else");

    private static readonly ControlRefusal s_busy = new(ErrorCode.Conflict, "the room is being split or merged at this moment");

    private readonly ControlBudget _budget = new(options.ControlBytesPerSecondMax);

    /// <summary>Decides about a control; its place, or null when it is refused or waits.</summary>
    public MessagePlace? Take(in PublishRequest request, ulong nowMilliseconds)
    {
        RoomControl? control = RoomControl.Decode(request.Publish.Payload, out ControlRefusal? refusal);
        if (control is null)
        {
            Refuse(request, refusal!);
            return null;
        }

        UpstreamRecord record = request.Record;
        if (record.ClientAddress is not null
            && request.Channel.Room.MayJoin(record.UserId, request.TokenRole, record.ClientAddress, nowMilliseconds) is { } putOut)
        {
            Refuse(request, putOut);
            return null;
        }

        if (CheckPlace(request, control) is { } elsewhere)
        {
            Refuse(request, elsewhere);
            return null;
        }

        bool isLimited = request.TokenRole < Role.Service;
        if (isLimited && _budget.WaitMilliseconds(record.UserId, nowMilliseconds) is > 0 and uint wait)
        {
            Refuse(request, new ControlRefusal(ErrorCode.RateLimited, "your changes of rooms cost too much in a second; slow down", wait));
            return null;
        }

        bool isSaved = request.Channel.IsRoomDirty;
        MessagePlace? place = control.Verb switch
        {
            ControlVerb.Split when control.Split != ControlSplit.Auto => Split(request, control, nowMilliseconds),
            ControlVerb.Merge => Merge(request, control, nowMilliseconds),
            _ => Change(request, control, nowMilliseconds),
        };
        if (place is not null)
        {
            counters.CountControl(control.Verb);
            if (isLimited && !isSaved && request.Channel.IsRoomDirty)
            {
                _budget.Spend(record.UserId, request.Channel, nowMilliseconds);
            }
        }

        return place;
    }

    /// <summary>About once a second.</summary>
    public void Tick(ulong nowMilliseconds) => _budget.Tick(nowMilliseconds);

    private MessagePlace? Change(in PublishRequest request, RoomControl control, ulong nowMilliseconds)
    {
        ChannelState channel = request.Channel;
        if (control.Verb == ControlVerb.Create && CheckCreate(request) is { } mayNot)
        {
            Refuse(request, mayNot);
            return null;
        }

        if (control.Verb == ControlVerb.Delete && channel.NeverHad(Encoding.UTF8.GetBytes(control.User), control.ProducerId, control.Number))
        {
            Refuse(request, channel.Room.Check(control, request.Record.UserId, request.TokenRole, nowMilliseconds) ?? s_neverThere);
            return null;
        }

        ulong version = channel.Room.Version;
        Role actorRole = channel.Kind == ChannelKind.Inbox ? Role.Host : request.TokenRole;
        if (channel.OwnRoom.Apply(control, request.Record.UserId, actorRole, nowMilliseconds) is { } refusal)
        {
            Refuse(request, refusal);
            return null;
        }

        if (channel.Room.Version != version)
        {
            builder.Save(channel);
            channel.ApplyRetention();
            SpeechDesk.Forget(channel);
            autoSplits.Watch(channel, nowMilliseconds);
        }

        DeliverMessage message = request.Message;
        message.Kind = MessageKind.Room;
        message.Payload = control.EncodeForLog();
        return builder.AppendToAll(channel, message, nowMilliseconds);
    }

    // An inbox is its user's, and there is nothing to change in it but what comes.
    private ControlRefusal? CheckPlace(in PublishRequest request, RoomControl control)
    {
        bool isForInbox = control.Verb is ControlVerb.Subscribe or ControlVerb.Unsubscribe;
        return request.Channel.Kind switch
        {
            ChannelKind.Topic => s_notOfTopics,
            ChannelKind.Inbox when !isForInbox || !ChannelName.IsInboxOf(request.Channel.Name, request.Record.UserId) => s_notOfInboxes,
            _ => control.Verb switch
            {
                ControlVerb.Subscribe => services.CheckTopic(control.Topic, control.Subjects),
                ControlVerb.Invite when control.IsInvited => services.CheckService(control.Service),
                _ => null,
            },
        };
    }

    private ControlRefusal? CheckCreate(in PublishRequest request)
    {
        if (request.TokenRole == Role.Operator)
        {
            return null;
        }

        if (request.Channel.IsOpenAndInUse)
        {
            return s_inUse;
        }

        if (request.TokenRole == Role.Service)
        {
            return null;
        }

        // Who is not listed is not counted either.
        return directory.CountUnended(Encoding.UTF8.GetString(request.Record.UserId)) >= options.RoomsPerOwnerMax
                ? new ControlRefusal(ErrorCode.Conflict, $"limit reached: you have {options.RoomsPerOwnerMax} rooms that have not ended; end one first")
            : directory.IsFull ? s_listFull
            : null;
    }

    private MessagePlace? Split(in PublishRequest request, RoomControl control, ulong nowMilliseconds)
    {
        ChannelState channel = request.Channel;
        if (channel.IsCounting && splits.TryTakeAgain(request))
        {
            // The edge has sent the request that is being worked on once more.
            return null;
        }

        if (!MaySwitch(request, control, nowMilliseconds))
        {
            return null;
        }

        if (control.Split == ControlSplit.Edges)
        {
            Apply(request, control, nowMilliseconds);
            return splits.SwitchToEdges(channel, request.Link, request.Message, nowMilliseconds);
        }

        if (channel.Counted is not { } count)
        {
            splits.Count(channel, (int)control.Groups, SplitDesk.Park(request), nowMilliseconds);
            return null;
        }

        if (count.MembersTotal < control.Groups)
        {
            refusals.Refuse(request, ErrorCode.BadArgument, Encoding.UTF8.GetBytes(
                $"split: groups must be at most the room's members, {count.MembersTotal} now"));
            return null;
        }

        Apply(request, control, nowMilliseconds);
        return splits.SwitchToGroups(channel, count, request.Message, nowMilliseconds);
    }

    private MessagePlace? Merge(in PublishRequest request, RoomControl control, ulong nowMilliseconds)
    {
        if (!MaySwitch(request, control, nowMilliseconds))
        {
            return null;
        }

        if (request.Channel.Division.Mode == SplitMode.Whole)
        {
            // Only the policy is to end: the log goes on.
            return Change(request, control, nowMilliseconds);
        }

        Apply(request, control, nowMilliseconds);
        return splits.Merge(request.Channel, request.Message, nowMilliseconds);
    }

    private bool MaySwitch(in PublishRequest request, RoomControl control, ulong nowMilliseconds)
    {
        ControlRefusal? refusal = request.Channel.Room.Check(control, request.Record.UserId, request.TokenRole, nowMilliseconds);
        if (refusal is null && SplitDesk.IsBusy(request.Channel))
        {
            refusal = s_busy;
        }

        if (refusal is not null)
        {
            Refuse(request, refusal);
        }

        return refusal is null;
    }

    // Who decides on the next switch: from now on people, not the room's policy.
    private static void Apply(in PublishRequest request, RoomControl control, ulong nowMilliseconds) =>
        request.Channel.OwnRoom.Apply(control, request.Record.UserId, request.TokenRole, nowMilliseconds);

    private void Refuse(in PublishRequest request, ControlRefusal refusal) =>
        refusals.Refuse(request, refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
}
