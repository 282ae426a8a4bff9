using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Presence;
using RelayServer.Master.Queries;
using RelayServer.Master.Reactions;
using RelayServer.Master.Services;
using RelayServer.Master.Speech;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// The master as a pure state machine: batches of edges and pages of logs go in, flushes and requests to read come
/// out. It has no clock, thread, socket or randomness of its own; its host calls it from one thread at a time and
/// keeps at most one flush under way.
/// </summary>
internal sealed class MasterCore : IDisposable
{
    private const ulong QuietMillisecondsMax = 2000;

    private readonly MasterOptions _options;
    private readonly byte[] _masterId;
    private readonly ulong[] _epochs = new ulong[Slot.Count];
    private readonly EdgeTable _edges;
    private readonly ChannelTable _channels;
    private readonly FlushBuilder _builder;
    private readonly RoomDirectory _directory;
    private readonly EdgeSilence _silence;
    private readonly SplitDesk _splits;
    private readonly AutoSplitDesk _autoSplits;
    private readonly PresenceDesk _presence;
    private readonly ReactionDesk _reactions;
    private readonly AnswerBudget _answers = new();
    private readonly QueryDesk _queries;
    private readonly ServiceHub _services;
    private readonly RoomControls _controls;
    private readonly Sequencer _sequencer;
    private readonly Expiry _expiry;
    private readonly RecordIntake _intake;
    private ulong _flushedAtMilliseconds;

    /// <summary>A master without slots.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="masterId">Its id, new at every start.</param>
    /// <param name="counters">What it counts.</param>
    /// <param name="hashKey">A secret of the process, for hashes of what clients choose.</param>
    /// <param name="subjectKey">What services' subjects are made with; null where only the store may say.</param>
    public MasterCore(MasterOptions options, byte[] masterId, MasterCounters counters, UInt128 hashKey = default, SubjectKey? subjectKey = null)
    {
        _options = options;
        _masterId = masterId;
        _edges = new EdgeTable(options);
        _silence = new EdgeSilence(_edges, options);
        _channels = new ChannelTable(options, counters);
        _directory = new RoomDirectory(options.RoomsListedMax);
        _builder = new FlushBuilder(masterId, counters);
        _builder.Saved += Saved;
        var relay = new DirectRelay(_builder, counters);
        var refusals = new Refusals(_builder, counters);
        _splits = new SplitDesk(_builder, counters) { Counted = Counted };
        _presence = new PresenceDesk(_builder, relay, counters);
        _autoSplits = new AutoSplitDesk(_channels, _splits, _presence, _builder);
        var services = new ServiceDirectory(_builder);
        _controls = new RoomControls(options, _directory, services, _builder, _splits, _autoSplits, refusals, counters);
        _services = new ServiceHub(
            _epochs, _channels, services, _builder, relay, _controls, _splits, _answers, refusals, counters, subjectKey ?? new SubjectKey(new byte[PairwiseSubject.KeyBytes]));
        var speech = new SpeechDesk(refusals, counters, hashKey);
        var delivery = new DeliveryDesk(counters, hashKey);
        _sequencer = new Sequencer(options, _builder, relay, refusals, _controls, _services.Updates, _splits, speech, delivery, counters);
        _expiry = new Expiry(_channels, _builder, counters);
        _reactions = new ReactionDesk(_builder, relay, counters);
        _queries = new QueryDesk(_channels, _directory, _services.Directory, new SearchBudget(hashKey), _answers, _builder, refusals, counters);
        _intake = new RecordIntake(_epochs, _channels, _builder)
        {
            Refusals = refusals,
            Sequencer = _sequencer,
            Splits = _splits,
            AutoSplits = _autoSplits,
            Expiry = _expiry,
            Presence = _presence,
            Reactions = _reactions,
            Queries = _queries,
            Commands = _services.Commands,
            Updates = _services.Updates,
            Opener = _services.Opener,
        };
    }

    /// <summary>Enough is staged: no more input until <see cref="TryBuildFlush"/> has taken it.</summary>
    public bool IsFull => _intake.IsFull;

    public int ChannelCount => _channels.Count;

    public int EdgeCount => _edges.Count;

    /// <summary>Rooms that are watched because they split themselves.</summary>
    public int AutoSplitCount => _autoSplits.Count;

    /// <summary>Subscriptions that are known.</summary>
    public int SubscriptionCount => _services.SubscriptionCount;

    /// <summary>Topics of which it is known how far they have been handed on.</summary>
    public int TopicCount => _services.TopicCount;

    /// <summary>Commands under way, also those whose rooms are being looked at.</summary>
    public int CommandCount => _services.Commands.Count;

    /// <summary>Outcomes that are kept for who asks again.</summary>
    public int OutcomeCount => _services.Commands.OutcomeCount;

    /// <summary>Channels that are being read, or wait for their turn, because something is to be done there.</summary>
    public int OpeningCount => _services.Opener.OpeningCount;

    /// <summary>The highest epoch held so far: the next claim must be above it.</summary>
    public ulong EpochMax => _epochs.Max();

    /// <summary>
    /// Takes the slots of a claim. All channels are read again from the log, and every edge starts anew: what was
    /// staged and not committed is no longer valid.
    /// </summary>
    public void Own(IReadOnlyList<SlotOwner> slots)
    {
        Array.Clear(_epochs);
        foreach (SlotOwner slot in slots)
        {
            _epochs[slot.Slot] = slot.Epoch;
        }

        _edges.Clear();
        _channels.Clear();
        _directory.Clear();
        _builder.Abandon();
        _intake.Abandon();
        _sequencer.Abandon();
        _splits.Abandon();
        _autoSplits.Abandon();
        _presence.Abandon();
        _reactions.Abandon();
        _services.Own(EpochMax);
    }

    /// <summary>
    /// Looks at the head of a message that waits to be received. Confirmations must not wait: the flush that has to go
    /// before more is received may be waiting for them.
    /// </summary>
    public void Hear(ReadOnlySpan<byte> message, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(message);
        UpstreamHeader header = UpstreamHeader.Read(ref reader);
        if (reader.Status == DecodeStatus.Ok && _edges.TryGet(header.EdgeId, out EdgeLink? link))
        {
            Heard(link, header, nowMilliseconds);
        }
    }

    /// <summary>Takes a message of an edge; false when it cannot be read.</summary>
    public bool Receive(ReadOnlySpan<byte> message, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(message);
        UpstreamHeader header = UpstreamHeader.Read(ref reader);
        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        EdgeLink link = _edges.GetOrAdd(header.EdgeId);
        Heard(link, header, nowMilliseconds);
        if (header.BatchNo == 0)
        {
            if (header.Link != link.Number)
            {
                // Tells an edge the link that it does not know yet, or that its old one is no more.
                _builder.Touch(link);
            }

            return true;
        }

        _builder.Touch(link);
        if (!link.TryReceive(header.Link, header.BatchNo))
        {
            return true;
        }

        return _intake.Take(link, header.BatchNo, message[reader.Offset..], nowMilliseconds);
    }

    /// <summary>Channels whose record is to be read now, and then their logs; at most the configured number at a time.</summary>
    public bool TryNextLoad(out ChannelState channel)
    {
        channel = null!;
        return !_builder.IsFull && _channels.TryNextLoad(out channel);
    }

    /// <summary>
    /// A log begins with what is too old: has its channel read, which removes that. False when there is no time or
    /// room for it now; it then is to be asked for again.
    /// </summary>
    public bool TryExpire(ReadOnlySpan<byte> name, ulong nowMilliseconds)
    {
        ulong epoch = ChannelName.KindOf(name) is not null ? _epochs[Slot.Of(name)] : 0;
        bool isOthers = epoch == 0 || _channels.Find(name) is not null;
        return isOthers || (!_builder.IsFull && _channels.TryAddUnwanted(name, epoch, nowMilliseconds));
    }

    /// <summary>The channel's logs have been read: what waited for it gets its place, and who asked for it its top.</summary>
    public void Loaded(ChannelState channel, ulong nowMilliseconds)
    {
        if (_channels.FinishLoad(channel))
        {
            _intake.Loaded(channel, nowMilliseconds);
            _services.Loaded(channel, nowMilliseconds);
        }
    }

    /// <summary>Some of what the store has saved, as a listing that began under this epoch has found.</summary>
    public void Listed(ulong epoch, StoredRecords records)
    {
        if (epoch != EpochMax)
        {
            // Of another claim: what that store had may be gone.
            return;
        }

        foreach (ListedRoom room in records.Rooms)
        {
            _directory.Note(room);
        }

        _services.Listed(records);
    }

    /// <summary>The next page of a topic's log that <see cref="TopicRead"/> is to be told of.</summary>
    public bool TryNextTopicRead(out TopicCursor topic) => _services.TryNextTopicRead(out topic);

    /// <summary>A page of a topic's log, from behind its cursor; null when it could not be read.</summary>
    public void TopicRead(TopicCursor topic, LogPage? page, ulong nowMilliseconds) => _services.TopicRead(topic, page, nowMilliseconds);

    /// <summary>The store is away: the read is tried again.</summary>
    public void LoadFailed(ChannelState channel) => _channels.RetryLoad(channel);

    /// <summary>What is stored of a channel cannot be read: that is tried again, too, but who asks for it is refused meanwhile. True the first time.</summary>
    public bool Unreadable(ChannelState channel, ulong nowMilliseconds)
    {
        bool isNew = channel.UnreadableSinceMilliseconds is null;
        if (!_channels.Unreadable(channel, nowMilliseconds))
        {
            return false;
        }

        _intake.Unreadable(channel, nowMilliseconds);
        return isNew;
    }

    /// <summary>Four times a second: what does not wait for a whole one.</summary>
    public void TickQuarter(ulong nowMilliseconds)
    {
        foreach (EdgeLink link in _silence.Tick(nowMilliseconds))
        {
            _presence.Recount(link);
        }

        if (!_builder.IsFull)
        {
            _splits.Tick(nowMilliseconds);
        }

        _reactions.Tick(nowMilliseconds);
        _presence.Tick(nowMilliseconds);
        _services.TickQuarter(nowMilliseconds);
    }

    /// <summary>
    /// About once a second: policies decided, what is too old let go, tops of changed channels to their edges, silent edges
    /// and idle channels forgotten.
    /// </summary>
    public void Tick(ulong nowMilliseconds)
    {
        _channels.ForgetIdle(nowMilliseconds);
        _channels.RetryUnreadable(nowMilliseconds);

        // None of these may keep another from its turn: policies leave room for expiry, and tops do not count against it.
        _autoSplits.Tick(nowMilliseconds);
        _expiry.Tick(nowMilliseconds);
        _services.GoOn(nowMilliseconds);
        _builder.TellTops();
        _queries.Tick();
        _controls.Tick(nowMilliseconds);
        if (nowMilliseconds - _flushedAtMilliseconds > QuietMillisecondsMax)
        {
            _builder.CheckOwnership();
        }

        foreach (EdgeLink link in _edges.Links)
        {
            if (nowMilliseconds - link.HeardAtMilliseconds > (ulong)_options.EdgeTimeoutMilliseconds)
            {
                Forget(link, nowMilliseconds);
            }
            else if (nowMilliseconds - link.RelayedAtMilliseconds > QuietMillisecondsMax)
            {
                // Its number shows whether the one before it was lost.
                _builder.Touch(link);
            }
            else if (link.IsSkipped)
            {
                // It may have lost all that it should confirm. A head is enough to show it.
                _builder.Touch(link);
            }
        }
    }

    /// <summary>
    /// Puts everything staged into <paramref name="flush"/>. False when there is nothing, or when an edge owes so many
    /// confirmations that it is better to wait for it.
    /// </summary>
    public bool TryBuildFlush(ulong nowMilliseconds, FabricFlush flush)
    {
        if (!_builder.HasWork || EpochMax == 0 || _edges.MustWait(nowMilliseconds))
        {
            return false;
        }

        _sequencer.WriteAcks();
        _flushedAtMilliseconds = nowMilliseconds;
        string master = System.Text.Encoding.UTF8.GetString(_masterId);
        int slot = Array.FindIndex(_epochs, epoch => epoch > 0);
        _builder.Build(flush, nowMilliseconds, master, new SlotOwner(slot, master, _epochs[slot]));
        _answers.Flushed();
        _services.FlushBegun();
        _intake.GoOn(nowMilliseconds);
        _services.GoOn(nowMilliseconds);
        return true;
    }

    /// <summary>The flush is in the log, or will never be: its buffers are free.</summary>
    public void FlushDone()
    {
        _builder.Release();
        _services.Flushed();
    }

    /// <summary>Gives back what is staged; buffers of a flush that may still be on its way are left to the collector.</summary>
    public void Dispose() => Own([]);

    private void Heard(EdgeLink link, in UpstreamHeader header, ulong nowMilliseconds)
    {
        link.HeardAtMilliseconds = nowMilliseconds;
        if (_silence.Heard(link, nowMilliseconds))
        {
            _presence.Recount(link);
        }

        if (link.Confirm(header.Link, header.ConfirmedRelayNo, nowMilliseconds))
        {
            _builder.Touch(link);
        }
    }

    private void Forget(EdgeLink link, ulong nowMilliseconds)
    {
        link.IsForgotten = true;
        foreach (ChannelState channel in link.Interests)
        {
            _presence.Leave(link, channel);
            _channels.RemoveInterest(channel, link, nowMilliseconds);
        }

        _splits.Forget(link);
        _builder.Forget(link);
        _edges.Remove(link);
        _services.Forget(link, nowMilliseconds);
    }

    private void Saved(ChannelState channel)
    {
        if (ListedRoom.Of(channel.NameText, channel.Room) is { } listed)
        {
            _directory.Note(listed);
        }
    }

    private void Counted(PendingSplit pending, ulong nowMilliseconds) => _intake.Counted(pending, nowMilliseconds);
}
