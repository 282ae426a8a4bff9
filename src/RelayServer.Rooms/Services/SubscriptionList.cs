using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The topics that a room or inbox has subscribed to, each once.</summary>
internal sealed class SubscriptionList
{
    private readonly SortedList<string, Subscription> _byTopic = new(StringComparer.Ordinal);

    public IReadOnlyList<Subscription> All => _byTopic.Values.AsReadOnly();

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + _byTopic.Values.Sum(subscription => subscription.EncodedBytesMax);

    public Subscription? Find(string topic) => _byTopic.GetValueOrDefault(topic);

    public bool HasRoomFor(string topic) => _byTopic.Count < RoomLimits.SubscriptionsMax || _byTopic.ContainsKey(topic);

    public bool HasTopicOf(string service) => _byTopic.Keys.Any(topic => TopicName.IsOf(topic, service));

    /// <summary>Adds a subscription, or changes the one that there is: then it goes on, unless that has ended.</summary>
    public void Put(Subscription subscription) =>
        _byTopic[subscription.Topic] = Find(subscription.Topic) is { } before && before.WasInForce(subscription.SinceMilliseconds)
            ? subscription with { MadeAtMilliseconds = before.MadeAtMilliseconds }
            : subscription;

    public void Remove(string topic) => _byTopic.Remove(topic);

    public IReadOnlyList<SubscriptionNotice> TakeDue(ulong nowMilliseconds)
    {
        List<SubscriptionNotice> due = [];
        foreach (Subscription subscription in _byTopic.Values.Where(subscription => subscription.DueMilliseconds <= nowMilliseconds).ToArray())
        {
            if (!subscription.IsNoticed)
            {
                _byTopic[subscription.Topic] = subscription with { IsNoticed = true };
                due.Add(new SubscriptionNotice(SubscriptionEvent.EndsSoon, subscription));
            }

            // Both, where nobody was there to say the first in time.
            if (subscription.ExpiresAtMilliseconds <= nowMilliseconds)
            {
                _byTopic.Remove(subscription.Topic);
                due.Add(new SubscriptionNotice(SubscriptionEvent.Ended, subscription));
            }
        }

        return due;
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.SubscriptionsMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(Subscription.FieldCountMin);
            string topic = ReadText(ref reader, ProtocolLimits.TopicNameBytesMax);
            string[] subjects = new string[reader.ReadArrayHeader(ProtocolLimits.SubjectsMax)];
            for (int j = 0; j < subjects.Length; j++)
            {
                subjects[j] = ReadText(ref reader, ProtocolLimits.SubjectBytesMax);
            }

            ulong expiresAt = reader.ReadUInt64(ProtocolLimits.NumberMax);
            ulong since = reader.ReadUInt64(ProtocolLimits.NumberMax);
            bool isNoticed = reader.ReadBoolean();
            string by = ReadText(ref reader, ProtocolLimits.UserIdBytesMax);
            ulong madeAt = extra > 0 ? reader.ReadUInt64(ProtocolLimits.NumberMax) : since;
            reader.Skip(Math.Max(0, extra - 1), StateList.OpenLevels);
            bool isTime = expiresAt == 0 || expiresAt > since;
            if (!TopicName.IsValid(topic) || !isTime || !_byTopic.TryAdd(topic, new Subscription(topic, subjects, expiresAt, since, by) { IsNoticed = isNoticed, MadeAtMilliseconds = madeAt }))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_byTopic.Count);
        foreach (Subscription subscription in _byTopic.Values)
        {
            writer.WriteArrayHeader(Subscription.FieldCount);
            ControlWriter.WriteString(ref writer, subscription.Topic);
            ControlWriter.WriteStrings(ref writer, subscription.Subjects);
            writer.WriteUInt64(subscription.ExpiresAtMilliseconds);
            writer.WriteUInt64(subscription.SinceMilliseconds);
            writer.WriteBoolean(subscription.IsNoticed);
            ControlWriter.WriteString(ref writer, subscription.By);
            writer.WriteUInt64(subscription.MadeAtMilliseconds);
        }
    }

    private static string ReadText(scoped ref MessagePackReader reader, int bytesMax) => Encoding.UTF8.GetString(reader.ReadString(bytesMax));
}
