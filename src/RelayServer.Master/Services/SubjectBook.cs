using System.Globalization;
using System.Security.Cryptography;
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

    /// <summary>
    /// Callers of all services that are kept in mind; above it the oldest go. However often a user calls, he has one place of these for each
    /// service, of which there are <see cref="ServiceDirectory.ServicesMax"/>.
    /// </summary>
    public const int CallersMax = 200_000;

    /// <summary>Rooms and inboxes that are looked at in a quarter of a second: a few milliseconds.</summary>
    public const int LookedAtMax = 4096;

    private const int CommandKeyBytes = 16;

    private readonly SubscriptionIndex _index;
    private readonly Dictionary<string, ServiceSubscribers> _subscribers = new(StringComparer.Ordinal);
    private readonly Queue<ServiceSubscribers> _looking = new();
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

    /// <summary>What a service knows a command by. The user's id is not to be found out from it, nor the same user at two services.</summary>
    public string KeyOf(string service, in CommandName name)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{service}\0{name.User}\0{name.ProducerId}\0{name.Number}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(Key!, Encoding.UTF8.GetBytes(text)).AsSpan(0, CommandKeyBytes));
    }

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

    /// <summary>The user whom a service knows by this subject and may write to; null when there is none, or when it is not known yet.</summary>
    public byte[]? UserOf(string service, string subject, ulong nowMilliseconds, out bool isKnown)
    {
        isKnown = true;
        if (_callers.TryGetValue((service, subject), out (byte[] User, ulong AtMilliseconds) caller) && nowMilliseconds - caller.AtMilliseconds <= CalledMilliseconds)
        {
            return caller.User;
        }

        if (Key is null)
        {
            isKnown = false;
            return null;
        }

        ServiceSubscribers subscribers = SubscribersOf(service);
        byte[]? user = subscribers.BySubject.GetValueOrDefault(subject);
        isKnown = user is not null || subscribers.IsComplete;
        return user;
    }

    /// <summary>Four times a second: looks for those who have subscribed, some at a time. All at once would take seconds where they are a million.</summary>
    public void Look()
    {
        for (int left = LookedAtMax; left > 0 && _looking.TryPeek(out ServiceSubscribers? subscribers); left--)
        {
            int number = subscribers.NextNumber++;
            if (number >= _index.NumbersEnd)
            {
                subscribers.IsComplete = true;
                _looking.Dequeue();
            }
            else if (_index.HasTopicOf(number, subscribers.Service))
            {
                Add(subscribers, _index.NameOf(number)!);
            }
        }
    }

    /// <summary>A service is no more. Whom it may write to is found out anew when it comes again.</summary>
    public void Forget(string service) => _subscribers.Remove(service);

    public void Clear()
    {
        _subscribers.Clear();
        _looking.Clear();
        _callers.Clear();
        _order.Clear();
        Key = null;
    }

    // Made when a service first writes to somebody: most never do. Whoever changes meanwhile is noted.
    private ServiceSubscribers SubscribersOf(string service)
    {
        if (!_subscribers.TryGetValue(service, out ServiceSubscribers? subscribers))
        {
            subscribers = new ServiceSubscribers(service);
            _subscribers.Add(service, subscribers);
            _looking.Enqueue(subscribers);
            Look();
        }

        return subscribers;
    }

    private void Note(string channel, IReadOnlyList<Subscription> subscriptions)
    {
        foreach (ServiceSubscribers subscribers in _subscribers.Values)
        {
            if (subscriptions.Any(subscription => TopicName.IsOf(subscription.Topic, subscribers.Service)))
            {
                Add(subscribers, channel);
            }
            else if (UserOf(channel) is { } user)
            {
                subscribers.BySubject.Remove(SubjectOf(subscribers.Service, user));
            }
        }
    }

    private void Add(ServiceSubscribers subscribers, string channel)
    {
        if (UserOf(channel) is { } user)
        {
            subscribers.BySubject[SubjectOf(subscribers.Service, user)] = user;
        }
    }

    // Of an inbox; a room has none.
    private static byte[]? UserOf(string channel)
    {
        byte[] name = Encoding.UTF8.GetBytes(channel);
        return ChannelName.KindOf(name) == ChannelKind.Inbox ? name[ChannelName.InboxPrefix.Length..] : null;
    }
}
