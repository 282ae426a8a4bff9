using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using Subscription = RelayServer.Rooms.Subscription;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds the logs of rooms and inboxes against those of topics: who wanted an update when its topic got it has it, once and in the topic's
/// order, and nobody else does; a subscription ends in time, and is said to. A store that loses keeps no such order.
/// </summary>
internal sealed class UpdateJudge(SimulatedWorld world, IReadOnlyList<string> topics, IReadOnlyList<string> receivers)
{
    // A look for what is due, a flush, and the time until it is known.
    private const ulong EndMilliseconds = 3000;

    // Whatever goes wrong meanwhile.
    private const ulong HandOnMilliseconds = 10_000;

    /// <summary>Updates that rooms and inboxes had of topics.</summary>
    public int HandedOn { get; private set; }

    /// <summary>Those of them that had to be there.</summary>
    public int Owed { get; private set; }

    public int Ends { get; private set; }

    public void Check()
    {
        foreach (string receiver in receivers)
        {
            CheckEnds(receiver);
            foreach (string topic in topics)
            {
                SimulatedLog log = LogOf(ServiceOperations.TopicPrefix + topic);
                CommittedMessage[] told = [.. Updates(log, topic)];
                Dictionary<MessageName, CommittedMessage> heard = CheckHeard(topic, told, receiver);
                CheckOwed(topic, told, log.TrimmedSeq, receiver, heard);
            }
        }
    }

    private Dictionary<MessageName, CommittedMessage> CheckHeard(string topic, CommittedMessage[] told, string receiver)
    {
        var heard = new Dictionary<MessageName, CommittedMessage>();
        int last = -1;
        foreach (CommittedMessage message in Updates(LogOf(receiver), topic).DistinctBy(message => message.Name))
        {
            last = Array.FindIndex(told, last + 1, one => one.Name == message.Name);
            Assert.True(
                last >= 0 && message.Payload.AsSpan().SequenceEqual(told[last].Payload),
                $"{receiver}: {Short(message)} is not in {topic}, or comes behind one that was told later; told: {Story(told)}; heard: {Story(Updates(LogOf(receiver), topic))}");
            ulong toldBy = FlushOf(ServiceOperations.TopicPrefix + topic, message.Name);
            ulong heardBy = FlushOf(receiver, message.Name);
            Subscription? subscription = Wanted(receiver, topic, heardBy - 1, message) ?? Wanted(receiver, topic, heardBy, message);

            // Of subjects that are changed those after count. What is asked for while the update is being logged is at the same time.
            Subscription? before = StateAt(receiver, toldBy).FindSubscription(topic);
            bool isWanted = subscription is not null && (before is not null || subscription.MadeAtMilliseconds == told[last].AtMilliseconds);
            Assert.True(
                isWanted || IsDoubled(ServiceOperations.TopicPrefix + topic, message.Name),
                $"{receiver}: {Short(message)} of {topic} was not wanted, but {subscription} when it came, and {before} when it was told at {told[last].AtMilliseconds}");
            heard.Add(message.Name, message);
            HandedOn++;
        }

        return heard;
    }

    private void CheckOwed(string topic, CommittedMessage[] told, ulong trimmedSeq, string receiver, Dictionary<MessageName, CommittedMessage> heard)
    {
        Subscription? last = StateAt(receiver, ulong.MaxValue).FindSubscription(topic);
        foreach (CommittedMessage message in told.Where(message => message.At.Seq > trimmedSeq))
        {
            bool isOwed = !IsDoubled(ServiceOperations.TopicPrefix + topic, message.Name) && Wanted(receiver, topic, FlushOf(ServiceOperations.TopicPrefix + topic, message.Name) - 1, message) is { } subscription
                && last is not null && subscription.SinceMilliseconds == last.SinceMilliseconds
                && (last.ExpiresAtMilliseconds == 0 || message.AtMilliseconds < last.ExpiresAtMilliseconds);
            Owed += isOwed ? 1 : 0;
            Assert.True(
                !isOwed || heard.ContainsKey(message.Name) || IsNumberGone(receiver, message),
                $"{receiver}: never had {Short(message)} of {topic}, which it wants since {last?.SinceMilliseconds}; told: {Story(told)}; heard: {Story(heard.Values)}");
        }
    }

    private void CheckEnds(string receiver)
    {
        foreach (Subscription subscription in StateAt(receiver, ulong.MaxValue).Subscriptions)
        {
            bool isDue = subscription.ExpiresAtMilliseconds != 0 && subscription.ExpiresAtMilliseconds + EndMilliseconds < world.Time.Now;
            Assert.False(isDue, $"{receiver}: {subscription} has not ended at {world.Time.Now}");
        }

        var said = new HashSet<(SubscriptionEvent Event, string Topic, ulong ExpiresAt)>();
        foreach (CommittedMessage message in InOrder(LogOf(receiver)).Where(message => message.Kind == MessageKind.Subscription))
        {
            Assert.Equal(DecodeStatus.Ok, SubscriptionPayload.TryDecode(message.Payload, out SubscriptionPayload notice));
            string topic = Encoding.UTF8.GetString(notice.Topic);
            bool isSubscribedTwice = world.Rooms.Room(receiver).Doubled.Count > 0;
            Assert.True(
                said.Add((notice.Event, topic, notice.ExpiresAtMilliseconds)) || isSubscribedTwice,
                $"{receiver}: {notice.Event} of {topic} at {notice.ExpiresAtMilliseconds} is said twice, again at {message.AtMilliseconds}");
            bool isEnd = notice.Event == SubscriptionEvent.Ended;
            Assert.True(
                !isEnd || said.Contains((SubscriptionEvent.EndsSoon, topic, notice.ExpiresAtMilliseconds)),
                $"{receiver}: {topic} has ended, and that it would was not said");
            Ends += isEnd ? 1 : 0;
        }
    }

    // What its producer said later was there, or has left, when another owner came: that one cannot tell whether this had been handed on.
    private bool IsNumberGone(string receiver, CommittedMessage told)
    {
        SimulatedLog log = LogOf(receiver);
        return log.WasTrimmed && world.IsClaimedBetween(told.AtMilliseconds, told.AtMilliseconds + HandOnMilliseconds)
            && log.Ever.Values.Any(message =>
                message.Name.User == told.Name.User && message.Name.ProducerId == told.Name.ProducerId && message.Name.Number > told.Name.Number);
    }

    // The subscription by which a receiver wanted an update when a flush was done; null when it did not.
    private Subscription? Wanted(string receiver, string topic, ulong flush, CommittedMessage message)
    {
        UpdatePayload.TryDecode(message.Payload, out UpdatePayload update);
        var subjects = new List<string>();
        foreach (SubjectName subject in update.Subjects)
        {
            subjects.Add(Encoding.UTF8.GetString(subject.Value));
        }

        return StateAt(receiver, flush).FindSubscription(topic) is { } subscription && subscription.Wants(subjects) ? subscription : null;
    }

    private RoomState StateAt(string channel, ulong flush) =>
        world.Store.Records.TryGetValue(channel, out List<(ulong Flush, byte[] Body)>? versions)
            && versions.LastOrDefault(version => version.Flush <= flush) is { Body: { } body }
                ? Assert.IsType<RoomState>(RoomState.Decode(body))
                : new RoomState();

    // The first had left the log when it was said again: nobody could know.
    private bool IsDoubled(string channel, MessageName name) => world.Rooms.Room(channel).Doubled.Contains(name);

    private static string Story(IEnumerable<CommittedMessage> messages) => string.Join(" ", messages.Select(Short));

    private static string Short(CommittedMessage message) => $"{message.At.Epoch}-{message.At.Seq}:{message.Name.User}/{message.Name.Number}@{message.AtMilliseconds}";

    private ulong FlushOf(string channel, MessageName name) => world.Rooms.Room(channel).Flushes[name];

    private SimulatedLog LogOf(string channel) => world.Store.Log(new LogKey(channel, 0, 0));

    private static IEnumerable<CommittedMessage> Updates(SimulatedLog log, string topic) => InOrder(log).Where(message =>
        message.Kind == MessageKind.Update && UpdatePayload.TryDecode(message.Payload, out UpdatePayload update) == DecodeStatus.Ok
            && Encoding.UTF8.GetString(update.Topic) == topic);

    private static IEnumerable<CommittedMessage> InOrder(SimulatedLog log) => log.Ever.Values.OrderBy(message => message.At.Seq);
}
