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

    private static readonly ControlRefusal s_notCounted = new(
        ErrorCode.Unavailable, "the room's members could not be counted in time; try again", Refusals.RetryAfterMilliseconds);

    private readonly ControlBudget _budget = new(options.ControlBytesPerSecondMax);

    /// <summary>Decides about a control; its place, or null when it is refused or waits.</summary>
    public MessagePlace? Take(in PublishRequest request, ulong nowMilliseconds)
    {
        MessagePlace? place = null;
        RoomControl? control = RoomControl.Decode(request.Publish.Payload, out ControlRefusal? refusal);
        if ((control is null ? refusal : Take(request, control, nowMilliseconds, out place)) is { } problem)
        {
            refusals.Refuse(request, problem.Code, Encoding.UTF8.GetBytes(problem.Text), problem.RetryAfterMilliseconds);
        }

        return place;
    }

    /// <summary>Decides about one that has been read.</summary>
    /// <param name="request">Who asks for it, and where.</param>
    /// <param name="control">What is asked for.</param>
    /// <param name="nowMilliseconds">The time.</param>
    /// <param name="place">Its place; null when it is refused or waits.</param>
    /// <returns>Why not; null when it is done, or waits.</returns>
    public ControlRefusal? Take(in PublishRequest request, RoomControl control, ulong nowMilliseconds, out MessagePlace? place)
    {
        place = null;
        UpstreamRecord record = request.Record;
        if (record.ClientAddress is not null
            && request.Channel.Room.MayJoin(record.UserId, request.TokenRole, record.ClientAddress, nowMilliseconds) is { } putOut)
        {
            return putOut;
        }

        if (CheckPlace(request, control) is { } elsewhere)
        {
            return elsewhere;
        }

        bool isLimited = !request.IsTrusted;
        if (isLimited && _budget.WaitMilliseconds(record.UserId, nowMilliseconds) is > 0 and uint wait)
        {
            return new ControlRefusal(ErrorCode.RateLimited, "your changes of rooms cost too much in a second; slow down", wait);
        }

        bool isSaved = request.Channel.IsRoomDirty;
        ControlRefusal? refusal = control.Verb switch
        {
            ControlVerb.Split when control.Split != ControlSplit.Auto => Split(request, control, nowMilliseconds, out place),
            ControlVerb.Merge => Merge(request, control, nowMilliseconds, out place),
            _ => Change(request, control, nowMilliseconds, out place),
        };
        if (place is not null)
        {
            counters.CountControl(control.Verb);
            if (isLimited && !isSaved && request.Channel.IsRoomDirty)
            {
                _budget.Spend(record.UserId, request.Channel, nowMilliseconds);
            }
        }

        return refusal;
    }

    /// <summary>About once a second.</summary>
    public void Tick(ulong nowMilliseconds) => _budget.Tick(nowMilliseconds);

    private ControlRefusal? Change(in PublishRequest request, RoomControl control, ulong nowMilliseconds, out MessagePlace? place)
    {
        place = null;
        ChannelState channel = request.Channel;
        if (control.Verb == ControlVerb.Create && CheckCreate(request) is { } mayNot)
        {
            return mayNot;
        }

        if (control.Verb == ControlVerb.Delete && channel.NeverHad(Encoding.UTF8.GetBytes(control.User), control.ProducerId, control.Number))
        {
            return channel.Room.Check(control, request.Record.UserId, request.TokenRole, nowMilliseconds) ?? s_neverThere;
        }

        ulong version = channel.Room.Version;
        Role actorRole = channel.Kind == ChannelKind.Inbox ? Role.Host : request.TokenRole;
        if (channel.OwnRoom.Apply(control, request.Record.UserId, actorRole, nowMilliseconds) is { } refusal)
        {
            return refusal;
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
        place = builder.AppendToAll(channel, message, nowMilliseconds);
        return null;
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

        if (request.IsTrusted)
        {
            return null;
        }

        // Who is not listed is not counted either.
        int roomsMax = request.Record.Service.IsEmpty ? options.RoomsPerOwnerMax : options.RoomsPerServiceMax;
        return directory.CountUnended(Encoding.UTF8.GetString(request.Record.UserId)) >= roomsMax
                ? new ControlRefusal(ErrorCode.Conflict, $"limit reached: you have {roomsMax} rooms that have not ended; end one first")
            : directory.IsFull ? s_listFull
            : null;
    }

    private ControlRefusal? Split(in PublishRequest request, RoomControl control, ulong nowMilliseconds, out MessagePlace? place)
    {
        place = null;
        ChannelState channel = request.Channel;
        if (channel.IsCounting && splits.TryTakeAgain(request))
        {
            // The edge has sent the request that is being worked on once more.
            return null;
        }

        if (CheckSwitch(request, control, nowMilliseconds) is { } refusal)
        {
            return refusal;
        }

        if (control.Split == ControlSplit.Edges)
        {
            Apply(request, control, nowMilliseconds);
            place = splits.SwitchToEdges(channel, request.Link, request.Message, nowMilliseconds);
            return null;
        }

        if (channel.Counted is not { } count)
        {
            splits.Count(channel, (int)control.Groups, SplitDesk.Park(request), nowMilliseconds);
            return null;
        }

        if (count.MembersTotal < control.Groups)
        {
            // Under load even the question may have been on its way too long.
            return count.Awaited.Count > 0 ? s_notCounted : new ControlRefusal(ErrorCode.BadArgument, $"split: groups must be at most the room's members, {count.MembersTotal} now");
        }

        Apply(request, control, nowMilliseconds);
        place = splits.SwitchToGroups(channel, count, request.Message, nowMilliseconds);
        return null;
    }

    private ControlRefusal? Merge(in PublishRequest request, RoomControl control, ulong nowMilliseconds, out MessagePlace? place)
    {
        place = null;
        if (CheckSwitch(request, control, nowMilliseconds) is { } refusal)
        {
            return refusal;
        }

        if (request.Channel.Division.Mode == SplitMode.Whole)
        {
            // Only the policy is to end: the log goes on.
            return Change(request, control, nowMilliseconds, out place);
        }

        Apply(request, control, nowMilliseconds);
        place = splits.Merge(request.Channel, request.Message, nowMilliseconds);
        return null;
    }

    private static ControlRefusal? CheckSwitch(in PublishRequest request, RoomControl control, ulong nowMilliseconds) =>
        request.Channel.Room.Check(control, request.Record.UserId, request.TokenRole, nowMilliseconds)
            ?? (SplitDesk.IsBusy(request.Channel) ? s_busy : null);

    // Who decides on the next switch: from now on people, not the room's policy.
    private static void Apply(in PublishRequest request, RoomControl control, ulong nowMilliseconds) =>
        request.Channel.OwnRoom.Apply(control, request.Record.UserId, request.TokenRole, nowMilliseconds);
}
