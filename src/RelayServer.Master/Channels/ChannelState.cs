using System.Diagnostics.CodeAnalysis;
using System.Text;
using RelayServer.Master.Links;
using RelayServer.Master.Presence;
using RelayServer.Master.Speech;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Channels;

/// <summary>
/// One channel as its owner knows it: its state, the logs of its generations, who published what into them, and who
/// is interested.
/// </summary>
internal sealed class ChannelState : IDisposable
{
    // However many partitions share the retention, each keeps enough for a chat window.
    private const long PartitionMessagesMin = 1000;

    // Most channels are never changed: they share this one, which nobody writes to.
    private static readonly RoomState s_unchanged = new();

    private static readonly Comparer<PartitionLog> s_byPlace = Comparer<PartitionLog>.Create(
        static (x, y) => (x.Key.Generation, x.Key.Partition).CompareTo((y.Key.Generation, y.Key.Partition)));

    private readonly MasterOptions _options;
    private RoomState? _room;
    private byte[] _encodedRoom = [];
    private ulong _encodedVersion;
    private PartitionLog[] _partitions = [];
    private readonly List<PartitionLog> _closed = [];
    private readonly Audience _audience;

    public ChannelState(byte[] name, ulong epoch, MasterOptions options)
    {
        _options = options;
        Name = name;
        NameText = Encoding.UTF8.GetString(name);
        Slot = Fabric.Slot.Of(name);
        Kind = ChannelName.KindOf(name) ?? ChannelKind.Room;
        Epoch = epoch;
        Recency = new LinkedListNode<ChannelState>(this);
        Turn = new LinkedListNode<ChannelState>(this);
        _audience = new Audience(this);
        Forget();
    }

    public byte[] Name { get; }

    public string NameText { get; }

    public int Slot { get; }

    public ChannelKind Kind { get; }

    /// <summary>Epoch at which the slot is held: that of every entry appended from here on.</summary>
    public ulong Epoch { get; }

    /// <summary>What the room is, besides its messages; for reading.</summary>
    public RoomState Room => _room ?? s_unchanged;

    /// <summary>The same, for changing it.</summary>
    public RoomState OwnRoom => _room ??= new RoomState();

    /// <summary>The room as it is saved, and told to edges.</summary>
    public byte[] EncodedRoom
    {
        get
        {
            if (_encodedVersion != Room.Version)
            {
                _encodedRoom = Room.Encode();
                _encodedVersion = Room.Version;
            }

            return _encodedRoom;
        }
    }

    /// <summary>How long <see cref="EncodedRoom"/> was when it was last asked for; what a change adds is small.</summary>
    public int RoomBytesLast => _encodedRoom.Length;

    /// <summary>The logs of the current generation, by partition.</summary>
    public IReadOnlyList<PartitionLog> Partitions => _partitions;

    /// <summary>The logs of earlier generations that are still kept, oldest first.</summary>
    public IReadOnlyList<PartitionLog> Closed => _closed;

    public Partitioning Division => Room.Current;

    public ChannelPhase Phase { get; set; }

    public ProducerTable Producers { get; private set; }

    /// <summary>Publishes that came before the log was read, in order.</summary>
    public Queue<ParkedRecord> Parked { get; } = new();

    public HashSet<EdgeLink> Interested => _audience.Interested;

    /// <summary>Its state has changed and goes with the next flush.</summary>
    public bool IsRoomDirty { get; set; }

    /// <summary>Part of the flush under way: its logs are not read again before that is over.</summary>
    public bool IsFlushing { get; set; }

    /// <summary>A split or merge of it goes with the next flush: another waits for one after that.</summary>
    public bool IsSwitching { get; set; }

    /// <summary>Its members are being counted for a split.</summary>
    public bool IsCounting { get; set; }

    /// <summary>Something waits to be done with it: it stays in memory until that is.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>The count that a split is being decided by, while it is.</summary>
    public PendingSplit? Counted { get; set; }

    /// <summary>Who is in it; null when no edge has told of anybody.</summary>
    public RoomPresence? Presence { get; set; }

    /// <summary>Reactions that wait to be told; null when there are none.</summary>
    public ReactionSum? Reactions { get; set; }

    /// <summary>When reactions may be told next.</summary>
    public ulong ReactionsDueMilliseconds { get; set; }

    /// <summary>What its policy to split itself is decided by; null while it has none.</summary>
    public SplitPolicy? Policy { get; set; }

    /// <summary>When it was split or merged last, or loaded.</summary>
    public ulong SwitchedAtMilliseconds { get; set; }

    /// <summary>Until then edges that have members of it may not have said so to this owner, for another had it before.</summary>
    public ulong SettledAtMilliseconds { get; set; }

    /// <summary>What was said lately; null while no setting asks for that.</summary>
    public SpeechMemory? Speech { get; set; }

    public ulong TouchedAtMilliseconds { get; set; }

    /// <summary>Since when what is stored of it could not be read although the store was there; null when that is not known of it.</summary>
    public ulong? UnreadableSinceMilliseconds { get; set; }

    /// <summary>Who asks for something there can have an answer: what is stored of it was read, or cannot be.</summary>
    public bool IsDecided => Phase == ChannelPhase.Ready || UnreadableSinceMilliseconds is not null;

    /// <summary>Its place among the channels that no edge is interested in, while it has one.</summary>
    public LinkedListNode<ChannelState> Recency { get; }

    /// <summary>Its place among the channels that are looked at in turn.</summary>
    public LinkedListNode<ChannelState> Turn { get; }

    /// <summary>Nothing was ever written to it: it is no more than a name.</summary>
    public bool IsBlank => Room.Version == 0 && _partitions[0].LastSeq == 0;

    /// <summary>Nobody has created it, and something was said in it.</summary>
    public bool IsOpenAndInUse => Room.Version == 0 && _partitions[0].LastSeq > 0;

    /// <summary>Nothing of it is under way: it may leave the memory.</summary>
    public bool IsIdle =>
        Phase == ChannelPhase.Ready && Interested.Count == 0 && Parked.Count == 0 && !IsFlushing && !IsRoomDirty && !IsCounting && !IsAwaited
        && !Array.Exists(_partitions, log => log.IsDirty);

    /// <summary>Takes over what was saved of the room; its logs are to be read next, in the order of <see cref="Logs"/>.</summary>
    public void Restore(RoomState? room)
    {
        _room = room;
        _encodedVersion = 0;
        _closed.Clear();
        foreach (Partitioning division in Room.Generations)
        {
            PartitionLog[] logs = [.. Enumerable.Range(0, division.Count).Select(partition => CreateLog(division, (uint)partition))];
            if (division.Generation == Division.Generation)
            {
                _partitions = logs;
            }
            else
            {
                Close(logs);
            }
        }

        _audience.Divided();
    }

    /// <summary>All logs, oldest first.</summary>
    public IEnumerable<PartitionLog> Logs => _closed.Concat(_partitions);

    /// <summary>The log after this one, in the order of <see cref="Logs"/>; null when it is the last.</summary>
    public PartitionLog? After(PartitionLog log)
    {
        if (!log.IsClosed)
        {
            return log.Key.Partition + 1 < _partitions.Length ? _partitions[log.Key.Partition + 1] : null;
        }

        int next = _closed.BinarySearch(log, s_byPlace) + 1;
        return next < _closed.Count ? _closed[next] : _partitions[0];
    }

    /// <summary>Notes where a message is that was in a log before.</summary>
    public void RestoreProducer(PartitionLog log, ulong epoch, in DeliverMessage message)
    {
        ProducerHistory producer = Producers.GetOrAdd(message.From, message.ProducerId);
        bool hasLost = log.Retention.TrimmedSeq > 0 || Room.Generations[0].Generation > 0;
        if (producer.IsEmpty && hasLost)
        {
            producer.ForgetBelow(message.Number);
        }

        // Also one that comes below those: it is here. What went to every partition is known by the first.
        if (producer.Find(message.Number, out _) != NumberLookup.Known)
        {
            Producers.Add(producer, message.Number, new MessagePlace(log, epoch, message.Seq));
        }
    }

    /// <summary>
    /// True when no log can ever have had a message: nothing of the room is lost, or, where there is but one log, the number
    /// is above what that still has of the producer, whose numbers grow. Of the rest nobody can tell.
    /// </summary>
    public bool NeverHad(ReadOnlySpan<byte> userId, ulong producerId, ulong number)
    {
        ProducerHistory? producer = Producers.Find(userId, producerId);
        if (producer is not null && producer.Find(number, out _) != NumberLookup.New)
        {
            return false;
        }

        bool hasLost = Room.Generations[0].Generation > 0 || Logs.Any(log => log.HasLost);
        return !hasLost || (producer is not null && _closed.Count == 0 && _partitions.Length == 1 && producer.IsAboveAll(number));
    }

    /// <summary>
    /// Goes over to the next generation. The present logs take nothing more; what they still have pending is to be
    /// sealed before this.
    /// </summary>
    /// <returns>The logs that are too old to be kept now.</returns>
    public IReadOnlyList<PartitionLog> Switch(Partitioning next)
    {
        Close(_partitions);
        OwnRoom.Begin(next);
        _partitions = [.. Enumerable.Range(0, next.Count).Select(partition => CreateLog(next, (uint)partition))];
        _audience.Divided();
        return DropUnlisted();
    }

    /// <summary>Gives an edge a partition of its own in a room that is divided by edges.</summary>
    public PartitionLog AddEdge(string edge)
    {
        OwnRoom.AddEdge(edge);
        PartitionLog added = CreateLog(Division, (uint)_partitions.Length);
        _partitions = [.. _partitions, added];
        ApplyRetention();
        _audience.Added(added, edge);
        return added;
    }

    /// <summary>Lets go of the oldest generation before the current one when that is too old, or they are too much together.</summary>
    public IReadOnlyList<PartitionLog> DropOld(ulong nowMilliseconds)
    {
        if (_closed.Count == 0)
        {
            return [];
        }

        ulong oldest = _closed[0].Key.Generation;
        ulong messages = 0;
        bool isTooOld = true;
        foreach (PartitionLog log in _closed)
        {
            messages += log.Retention.Messages;
            isTooOld &= log.Key.Generation > oldest || log.Retention.IsAllTooOld(nowMilliseconds);
        }

        if (!isTooOld && messages <= (ulong)RetentionMessagesAll)
        {
            return [];
        }

        OwnRoom.DropOldest();
        return DropUnlisted();
    }

    /// <summary>The room's own retention has changed, or how many partitions share it.</summary>
    public void ApplyRetention()
    {
        foreach (PartitionLog log in Logs)
        {
            int partitions = Room.Generation(log.Key.Generation)?.Count ?? 1;
            log.Retention.Limit(RetentionMessages(partitions), RetentionMilliseconds);
        }
    }

    /// <summary>Forgets what has ended in the room. True when anything had: its record is to be saved.</summary>
    public bool Prune(ulong nowMilliseconds)
    {
        if (Room.Version == 0 || !OwnRoom.Prune(nowMilliseconds, (ulong)_options.RetentionAge.TotalMilliseconds))
        {
            return false;
        }

        // Nobody sees a difference, so the version is the same; what is saved is not.
        _encodedVersion = 0;
        return true;
    }

    /// <summary>An edge wants what comes; all of it when it observes.</summary>
    public void AddInterest(EdgeLink link, bool observes) => _audience.Add(link, observes);

    public bool RemoveInterest(EdgeLink link) => _audience.Remove(link);

    /// <summary>The partition that a user speaks in through an edge.</summary>
    public PartitionLog PartitionOf(ReadOnlySpan<byte> userId, EdgeLink link) =>
        _partitions.Length == 1 ? _partitions[0] : _partitions[Division.PartitionOf(userId, link.EdgeName)];

    /// <summary>Forgets what was read so far: everything is read again from the beginning.</summary>
    [MemberNotNull(nameof(Producers))]
    public void Forget()
    {
        Producers = new ProducerTable();
        Restore(null);
    }

    public void Dispose()
    {
        foreach (PartitionLog log in Logs)
        {
            log.Dispose();
        }
    }

    private PartitionLog CreateLog(Partitioning division, uint partition) =>
        new(this, division.Generation, partition, new RetentionWindow(RetentionMessages(division.Count), RetentionMilliseconds));

    private void Close(PartitionLog[] logs)
    {
        foreach (PartitionLog log in logs)
        {
            log.IsClosed = true;
            log.Cap = null;
            log.EphemeralCap = null;

            // A set of its own: who gets the last of it does not depend on who joins later.
            log.Recipients = [.. log.Recipients];
        }

        _closed.AddRange(logs);
    }

    private PartitionLog[] DropUnlisted()
    {
        ulong oldest = Room.Generations[0].Generation;
        PartitionLog[] dropped = [.. _closed.TakeWhile(log => log.Key.Generation < oldest)];
        _closed.RemoveRange(0, dropped.Length);
        foreach (PartitionLog log in dropped)
        {
            log.Retention.Drop();
        }

        return dropped;
    }

    private long RetentionMessages(int partitions)
    {
        long messages = RetentionMessagesAll;
        return partitions == 1 ? messages : Math.Max(Math.Min(messages, PartitionMessagesMin), messages / partitions);
    }

    private long RetentionMessagesAll =>
        Room[RoomSetting.RetentionMessages] is > 0 and var own ? Math.Min(_options.RetentionMessages, (long)own) : _options.RetentionMessages;

    private ulong RetentionMilliseconds
    {
        get
        {
            const ulong MillisecondsPerHour = 3_600_000;
            ulong all = (ulong)_options.RetentionAge.TotalMilliseconds;
            return Room[RoomSetting.RetentionHours] is > 0 and var own ? Math.Min(all, own * MillisecondsPerHour) : all;
        }
    }
}
