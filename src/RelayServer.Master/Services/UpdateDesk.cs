using System.Text;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>Decides about the updates of services: whether one may tell this here, and where it goes from there.</summary>
internal sealed class UpdateDesk(ServiceDirectory directory, SubjectBook subjects, TopicDesk topics, FlushBuilder builder, Refusals refusals, MasterCounters counters)
{
    private static readonly ControlRefusal s_nobody = new(
        ErrorCode.Forbidden, "a service writes to users who have subscribed to a topic of it, or have called it in the last day");

    private static readonly ControlRefusal s_notKnownYet = new(
        ErrorCode.Unavailable, "those who have subscribed are being looked up; try again", Refusals.RetryAfterMilliseconds);

    /// <summary>Finds the inbox that a service means by <c>inbox:SUBJECT</c>; why not, when it may not write to it.</summary>
    public ControlRefusal? FindInbox(ReadOnlySpan<byte> service, ReadOnlySpan<byte> channel, ulong nowMilliseconds, out byte[] inbox)
    {
        string subject = Encoding.UTF8.GetString(channel[ChannelName.InboxPrefix.Length..]);
        byte[]? user = subjects.UserOf(Encoding.UTF8.GetString(service), subject, nowMilliseconds, out bool isKnown);
        inbox = user is null ? [] : [.. ChannelName.InboxPrefix, .. user];
        return user is not null ? null : isKnown && directory.IsComplete ? s_nobody : s_notKnownYet;
    }

    /// <summary>Decides about an update; its place, or null when it is refused.</summary>
    public MessagePlace? Take(in PublishRequest request, ulong nowMilliseconds)
    {
        ControlRefusal? refusal = Check(request, out UpdatePayload update);
        if (refusal is not null)
        {
            refusals.Refuse(request, refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
            return null;
        }

        counters.Updates++;
        MessagePlace place = builder.AppendToAll(request.Channel, request.Message, nowMilliseconds);
        if (request.Channel.Kind == ChannelKind.Topic)
        {
            topics.Logged(Encoding.UTF8.GetString(update.Topic), place);
        }

        return place;
    }

    private ControlRefusal? Check(in PublishRequest request, out UpdatePayload update)
    {
        update = default;
        if (request.Record.Service.IsEmpty)
        {
            return new ControlRefusal(ErrorCode.Forbidden, "only a service sends updates: its token names it");
        }

        if (request.Publish.Payload.Length > ProtocolLimits.UpdateBytesMax)
        {
            return new ControlRefusal(ErrorCode.PayloadTooLarge, $"an update has at most {ProtocolLimits.UpdateBytesMax} bytes");
        }

        if (UpdatePayload.TryDecode(request.Publish.Payload, out update) != DecodeStatus.Ok)
        {
            return new ControlRefusal(ErrorCode.MalformedBody, "the update could not be read, or a part of it is too long");
        }

        if (request.Channel.Kind == ChannelKind.Topic && !TopicName.ServiceOf(request.Channel.Name.AsSpan(ChannelName.TopicPrefix.Length)).SequenceEqual(request.Record.Service))
        {
            return new ControlRefusal(ErrorCode.Forbidden, "this topic is another service's");
        }

        if (!update.Service.SequenceEqual(request.Record.Service))
        {
            return new ControlRefusal(ErrorCode.BadArgument, "the update names another service than the token does");
        }

        return CardCheck.FindProblem(update.Card) is { } problem ? new ControlRefusal(ErrorCode.BadArgument, problem) : CheckPlace(request.Channel, update);
    }

    private ControlRefusal? CheckPlace(ChannelState channel, in UpdatePayload update)
    {
        string service = Encoding.UTF8.GetString(update.Service);
        string topic = Encoding.UTF8.GetString(update.Topic);
        List<string> about = SubjectsOf(update);
        if (FindBad(about) is { } bad)
        {
            return new ControlRefusal(ErrorCode.BadArgument, bad);
        }

        switch (channel.Kind)
        {
            case ChannelKind.Topic when channel.NameText != $"topic:{topic}":
                return new ControlRefusal(ErrorCode.BadArgument, "this topic is not the one that the update names");
            case ChannelKind.Topic:
                return directory.CheckTopic(topic, about);
            case ChannelKind.Room when channel.Room.State == BroadcastState.Ended:
                return new ControlRefusal(ErrorCode.NotOpen, "the room has ended");
            case ChannelKind.Room when !channel.Room.HasLetIn(service):
                return new ControlRefusal(ErrorCode.Forbidden, $"the room has not let {service} in: somebody who runs it invites the service, or subscribes to a topic of it");
            default:
                return topic.Length == 0 ? null : new ControlRefusal(ErrorCode.BadArgument, "an update that names a topic is sent to that topic");
        }
    }

    private static string? FindBad(List<string> subjects) =>
        subjects.Count == 0 ? null
        : subjects.Distinct(StringComparer.Ordinal).Count() < subjects.Count ? "a subject is there twice"
        : subjects.Select(subject => UserId.FindProblem(subject, ProtocolLimits.SubjectBytesMax)).FirstOrDefault(problem => problem is not null) is { } problem
            ? $"a subject {problem}"
        : null;

    private static List<string> SubjectsOf(in UpdatePayload update)
    {
        var subjects = new List<string>(update.Subjects.Count);
        foreach (SubjectName subject in update.Subjects)
        {
            subjects.Add(Encoding.UTF8.GetString(subject.Value));
        }

        return subjects;
    }
}
