using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Writes the answers to questions for what is subscribed to, a page at a time.</summary>
public static class SubscriptionListEncoder
{
    private const int PageBytesMax = 64 * 1024;

    /// <summary>The body of the ANSWER.</summary>
    public static byte[] EncodeAnswer(ReadOnlySpan<byte> channel, RoomState room, in QueryBody query)
    {
        ArgumentNullException.ThrowIfNull(room);
        string after = Encoding.UTF8.GetString(query.After);
        int max = query.Max == 0 ? ProtocolLimits.SubscriptionsMax : query.Max;
        var entries = new ArrayWriter();
        bool hasMore = false;
        foreach (Subscription subscription in room.Subscriptions)
        {
            if (string.CompareOrdinal(subscription.Topic, after) <= 0)
            {
                continue;
            }

            hasMore = entries.Count == max || entries.Written.Length > PageBytesMax;
            if (hasMore)
            {
                break;
            }

            Add(entries, subscription);
        }

        var body = new SubscriptionListBody { Channel = channel, Subscriptions = new EncodedList<SubscriptionEntry>(entries.Written, entries.Count), HasMore = hasMore };
        return body.ToBytes();
    }

    private static void Add(ArrayWriter entries, Subscription subscription)
    {
        var subjects = new ArrayWriter();
        foreach (string subject in subscription.Subjects)
        {
            subjects.AddString(Encoding.UTF8.GetBytes(subject));
        }

        var entry = new SubscriptionEntry
        {
            Topic = Encoding.UTF8.GetBytes(subscription.Topic),
            Subjects = new EncodedList<SubjectName>(subjects.Written, subjects.Count),
            ExpiresAtMilliseconds = subscription.ExpiresAtMilliseconds,
            SinceMilliseconds = subscription.SinceMilliseconds,
            By = Encoding.UTF8.GetBytes(subscription.By),
        };
        entry.TryEncode(entries.Reserve(entry.EncodedBytesMax), out int bytes);
        entries.Added(bytes);
    }
}
