using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a room or inbox has subscribed to.</summary>
/// <param name="Topic">As <c>service.topic</c>.</param>
/// <param name="Subjects">Those chosen; empty for all.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="Since">When it was made.</param>
/// <param name="By">User id of who made it, or changed it last.</param>
public sealed record TopicSubscription(string Topic, IReadOnlyList<string> Subjects, DateTimeOffset? ExpiresAt, DateTimeOffset Since, string By)
{
    internal static TopicSubscription From(in SubscriptionEntry entry)
    {
        var subjects = new List<string>(entry.Subjects.Count);
        foreach (SubjectName subject in entry.Subjects)
        {
            subjects.Add(Encoding.UTF8.GetString(subject.Value));
        }

        return new TopicSubscription(
            Encoding.UTF8.GetString(entry.Topic),
            subjects,
            RoomStatus.ReadTime(entry.ExpiresAtMilliseconds),
            RoomStatus.ReadTime(entry.SinceMilliseconds) ?? DateTimeOffset.UnixEpoch,
            Encoding.UTF8.GetString(entry.By));
    }
}
