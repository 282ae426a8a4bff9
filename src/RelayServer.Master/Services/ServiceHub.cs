using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Splits;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>All that a master does for services, put together: their instances, commands, updates and subscriptions.</summary>
internal sealed class ServiceHub
{
    private readonly ChannelTable _channels;
    private readonly FlushBuilder _builder;
    private readonly SubscriptionDesk _subscriptions;
    private readonly SubjectBook _subjects;
    private readonly TopicDesk _topics;
    private readonly ServicePresence _presence;
    private readonly SubjectKey _subjectKey;

    /// <summary>Puts it together.</summary>
    /// <param name="epochs">By slot the epoch at which it is held; 0: it is not.</param>
    /// <param name="channels">The channels in memory.</param>
    /// <param name="directory">The services.</param>
    /// <param name="builder">Collects the next flush.</param>
    /// <param name="relay">For what is not logged.</param>
    /// <param name="controls">Changes rooms and inboxes.</param>
    /// <param name="splits">Knows where members are heard.</param>
    /// <param name="answers">For what is answered at once.</param>
    /// <param name="refusals">Tells who is refused.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="subjectKey">What subjects are made with, where the store has nothing.</param>
    public ServiceHub(
        ulong[] epochs, ChannelTable channels, ServiceDirectory directory, FlushBuilder builder, DirectRelay relay, RoomControls controls, SplitDesk splits,
        AnswerBudget answers, Refusals refusals, MasterCounters counters, SubjectKey subjectKey)
    {
        (_channels, _builder, _subjectKey) = (channels, builder, subjectKey);
        Directory = directory;
        Opener = new ChannelOpener(epochs, channels, builder);
        _subscriptions = new SubscriptionDesk(Opener, builder);
        _subjects = new SubjectBook(_subscriptions);
        _topics = new TopicDesk(Directory, _subscriptions.Index, Opener, builder, counters);
        Updates = new UpdateDesk(Directory, _subjects, _topics, builder, refusals, counters);
        _presence = new ServicePresence(Directory, channels, relay);
        Commands = new CommandDesk(
            Directory, _presence, _subjects, Opener, answers, new ServiceFrames(builder), new RoomResults(builder, splits), new SubscriptionCommands(controls), counters);
        directory.HasSubscribers = _subscriptions.Index.HasTopic;
        directory.Changed += Changed;
        builder.Saved += channel => _subscriptions.Note(channel.NameText, channel.Room.Subscriptions);
    }

    public ServiceDirectory Directory { get; }

    public ChannelOpener Opener { get; }

    public UpdateDesk Updates { get; }

    public CommandDesk Commands { get; }

    public int SubscriptionCount => _subscriptions.Index.Count;

    public int TopicCount => _topics.Count;

    /// <summary>Some of what the store has saved.</summary>
    public void Listed(StoredRecords records)
    {
        foreach ((string channel, IReadOnlyList<Subscription> subscriptions) in records.Subscriptions)
        {
            // What is in memory is newer than what was read.
            if (_channels.Find(Encoding.UTF8.GetBytes(channel)) is not { Phase: ChannelPhase.Ready })
            {
                _subscriptions.Note(channel, subscriptions);
            }
        }

        foreach ((ServiceProfile profile, byte[] encoded) in records.Services)
        {
            Directory.Restore(profile, encoded);
        }

        foreach ((string topic, ulong epoch, ulong seq) in records.Topics)
        {
            _topics.Restore(topic, epoch, seq);
        }

        _subjects.Key = _subjectKey.IsGiven ? _subjectKey.Bytes : records.SubjectKey ?? _subjects.Key;
        if (records.IsLast)
        {
            Complete();
        }
    }

    /// <summary>A channel that was read may have more or less than what was listed of it.</summary>
    public void Loaded(ChannelState channel, ulong nowMilliseconds)
    {
        _subscriptions.Note(channel.NameText, channel.Room.Subscriptions);
        GoOn(nowMilliseconds);
    }

    /// <summary>The next page of a topic's log that <see cref="TopicRead"/> is to be told of.</summary>
    public bool TryNextTopicRead(out TopicCursor topic)
    {
        topic = null!;
        return !_builder.IsFull && _topics.TryNextRead(out topic);
    }

    /// <summary>A page of a topic's log, from behind its cursor; null when it could not be read.</summary>
    public void TopicRead(TopicCursor topic, LogPage? page, ulong nowMilliseconds)
    {
        if (page is null)
        {
            _topics.ReadFailed(topic);
        }
        else
        {
            _topics.Read(topic, page, nowMilliseconds);
        }
    }

    /// <summary>Four times a second.</summary>
    public void TickQuarter(ulong nowMilliseconds)
    {
        Commands.Tick(nowMilliseconds);
        _presence.Tick(nowMilliseconds);
        _subjects.Look();
        GoOn(nowMilliseconds);
    }

    /// <summary>A flush is on its way: there is room for more.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        _subscriptions.GoOn(nowMilliseconds);
        _topics.GoOn(nowMilliseconds);
    }

    /// <summary>A flush takes what is staged.</summary>
    public void FlushBegun() => _topics.FlushBegun();

    /// <summary>A flush is in the log.</summary>
    public void Flushed() => _topics.Flushed();

    /// <summary>An edge is gone.</summary>
    public void Forget(EdgeLink link, ulong nowMilliseconds) => Commands.Services.Forget(link, nowMilliseconds);

    /// <summary>Forgets all, and begins anew under an epoch.</summary>
    public void Own(ulong epoch)
    {
        Directory.Clear();
        Opener.Abandon();
        _subscriptions.Clear();
        _subjects.Clear();
        _topics.Abandon();
        Commands.Own(epoch);
    }

    private void Changed(ServiceProfile before)
    {
        _topics.Changed(before);
        if (Directory.Find(before.Name) is null)
        {
            _subjects.Forget(before.Name);
        }
    }

    private void Complete()
    {
        if (_subjects.Key is null)
        {
            _subjects.Key = _subjectKey.Bytes;
            _builder.SaveRecord(StoredRecords.SubjectKeyName, _subjectKey.Bytes);
        }

        Directory.IsComplete = true;
        _topics.Complete();
    }
}
