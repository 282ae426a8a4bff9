using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Whom a service may write to, by the subjects that it knows users by: those who have subscribed to one of its topics, and those who
/// have called it in the last day. Nobody else can be named to the relay by a service.
/// </summary>
internal sealed class SubjectBook
{
    /// <summary>How long a service may write to somebody who has called it, in milliseconds.</summary>
    public const ulong CalledMilliseconds = 24 * 3_600_000;

    /// <summary>Callers of all services that are kept in mind; above it the oldest go.</summary>
    public const int CallersMax = 200_000;

    private readonly SubscriptionIndex _index;
    private readonly Dictionary<string, Dictionary<string, byte[]>> _subscribers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Service, string Subject), (byte[] User, ulong AtMilliseconds)> _callers = [];
    private readonly Queue<(string Service, string Subject, ulong AtMilliseconds)> _order = new();

    public SubjectBook(SubscriptionDesk subscriptions)
    {
        _index = subscriptions.Index;
        subscriptions.Noted += Note;
    }

    /// <summary>The secret that subjects are made with; null while it is not known.</summary>
    public byte[]? Key { get; set; }

    /// <summary>What a service knows a user by.</summary>
    public string SubjectOf(string service, ReadOnlySpan<byte> user) => PairwiseSubject.Of(Key, Encoding.UTF8.GetBytes(service), user);

    /// <summary>A user has called a service.</summary>
    public void Called(string service, string subject, ReadOnlySpan<byte> user, ulong nowMilliseconds)
    {
        if (!_callers.ContainsKey((service, subject)) || nowMilliseconds - _callers[(service, subject)].AtMilliseconds > CalledMilliseconds / 2)
        {
            _callers[(service, subject)] = (user.ToArray(), nowMilliseconds);
            _order.Enqueue((service, subject, nowMilliseconds));
        }

        while (_order.TryPeek(out (string Service, string Subject, ulong AtMilliseconds) oldest)
            && (_callers.Count > CallersMax || nowMilliseconds - oldest.AtMilliseconds > CalledMilliseconds))
        {
            _order.Dequeue();
            if (_callers.TryGetValue((oldest.Service, oldest.Subject), out (byte[] User, ulong AtMilliseconds) caller) && caller.AtMilliseconds == oldest.AtMilliseconds)
            {
                _callers.Remove((oldest.Service, oldest.Subject));
            }
        }
    }

    /// <summary>The user whom a service knows by this subject and may write to; null when there is none.</summary>
    public byte[]? UserOf(string service, string subject, ulong nowMilliseconds)
    {
        if (_callers.TryGetValue((service, subject), out (byte[] User, ulong AtMilliseconds) caller) && nowMilliseconds - caller.AtMilliseconds <= CalledMilliseconds)
        {
            return caller.User;
        }

        return Key is null ? null : SubscribersOf(service).GetValueOrDefault(subject);
    }

    public void Clear()
    {
        _subscribers.Clear();
        _callers.Clear();
        _order.Clear();
        Key = null;
    }

    // Made when a service first writes to somebody: most never do.
    private Dictionary<string, byte[]> SubscribersOf(string service)
    {
        if (!_subscribers.TryGetValue(service, out Dictionary<string, byte[]>? subscribers))
        {
            subscribers = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            _subscribers.Add(service, subscribers);
            foreach (string channel in _index.ChannelsOf(service))
            {
                Add(subscribers, service, channel);
            }
        }

        return subscribers;
    }

    private void Note(string channel, IReadOnlyList<Subscription> subscriptions)
    {
        foreach ((string service, Dictionary<string, byte[]> subscribers) in _subscribers)
        {
            if (subscriptions.Any(subscription => TopicName.ServiceOf(subscription.Topic) == service))
            {
                Add(subscribers, service, channel);
            }
            else if (UserOf(channel) is { } user)
            {
                subscribers.Remove(SubjectOf(service, user));
            }
        }
    }

    private void Add(Dictionary<string, byte[]> subscribers, string service, string channel)
    {
        if (UserOf(channel) is { } user)
        {
            subscribers[SubjectOf(service, user)] = user;
        }
    }

    // Of an inbox; a room has none.
    private static byte[]? UserOf(string channel)
    {
        byte[] name = Encoding.UTF8.GetBytes(channel);
        return ChannelName.KindOf(name) == ChannelKind.Inbox ? name[ChannelName.InboxPrefix.Length..] : null;
    }
}
