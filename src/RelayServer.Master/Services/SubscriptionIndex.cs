using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Which rooms and inboxes want what, whether or not they are in memory. A subject is looked up, and those who do not want it are not
/// looked at: what an update costs depends on whom it is for. Rooms and subjects have numbers here, a few bytes for each choice.
/// </summary>
internal sealed class SubscriptionIndex
{
    private readonly Dictionary<string, int> _numberByChannel = new(StringComparer.Ordinal);
    private readonly List<string> _channels = [];
    private readonly Stack<int> _freeNumbers = new();
    private readonly Dictionary<int, Subscription[]> _byChannel = [];
    private readonly Dictionary<string, TopicSubscribers> _byTopic = new(StringComparer.Ordinal);

    /// <summary>Rooms and inboxes that have any.</summary>
    public int ChannelCount => _byChannel.Count;

    /// <summary>Subscriptions in all.</summary>
    public int Count { get; private set; }

    /// <summary>Notes what a room or inbox wants now, in place of what it wanted before.</summary>
    public void Note(string channel, IReadOnlyList<Subscription> subscriptions)
    {
        bool isKnown = _numberByChannel.TryGetValue(channel, out int number);
        if (!isKnown && subscriptions.Count == 0)
        {
            return;
        }

        if (!isKnown)
        {
            number = Add(channel);
        }

        foreach (Subscription before in _byChannel.GetValueOrDefault(number, []))
        {
            TopicSubscribers topic = _byTopic[before.Topic];
            topic.Remove(number, before.Subjects);
            if (topic.IsEmpty)
            {
                _byTopic.Remove(before.Topic);
            }

            Count--;
        }

        foreach (Subscription subscription in subscriptions)
        {
            if (!_byTopic.TryGetValue(subscription.Topic, out TopicSubscribers? topic))
            {
                topic = new TopicSubscribers();
                _byTopic.Add(subscription.Topic, topic);
            }

            topic.Add(number, subscription.Subjects);
            Count++;
        }

        if (subscriptions.Count > 0)
        {
            _byChannel[number] = [.. subscriptions];
        }
        else
        {
            Remove(channel, number);
        }
    }

    /// <summary>Those that want an update of a topic with these subjects, each once.</summary>
    public int[] Find(string topic, IReadOnlyList<string> subjects) => _byTopic.TryGetValue(topic, out TopicSubscribers? subscribers) ? subscribers.Find(subjects) : [];

    /// <summary>The name of a room or inbox that <see cref="Find"/> has given; null when it wants nothing any more.</summary>
    public string? NameOf(int number) => number < _channels.Count && _byChannel.ContainsKey(number) ? _channels[number] : null;

    /// <summary>True when a room or inbox has subscribed to a topic.</summary>
    public bool HasTopic(string topic) => _byTopic.ContainsKey(topic);

    /// <summary>What a room or inbox wants.</summary>
    public IReadOnlyList<Subscription> Of(string channel) =>
        _numberByChannel.TryGetValue(channel, out int number) ? _byChannel.GetValueOrDefault(number, []) : [];

    /// <summary>All numbers that were ever given are below.</summary>
    public int NumbersEnd => _channels.Count;

    /// <summary>True when a room or inbox has subscribed to a topic of a service.</summary>
    public bool HasTopicOf(int number, string service) =>
        _byChannel.TryGetValue(number, out Subscription[]? subscriptions) && Array.Exists(subscriptions, subscription => TopicName.IsOf(subscription.Topic, service));

    public void Clear()
    {
        _numberByChannel.Clear();
        _channels.Clear();
        _freeNumbers.Clear();
        _byChannel.Clear();
        _byTopic.Clear();
        Count = 0;
    }

    private int Add(string channel)
    {
        if (!_freeNumbers.TryPop(out int number))
        {
            number = _channels.Count;
            _channels.Add(channel);
        }

        _channels[number] = channel;
        _numberByChannel.Add(channel, number);
        return number;
    }

    private void Remove(string channel, int number)
    {
        _byChannel.Remove(number);
        _numberByChannel.Remove(channel);
        _channels[number] = "";
        _freeNumbers.Push(number);
    }
}
