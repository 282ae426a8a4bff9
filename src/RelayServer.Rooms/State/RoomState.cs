using System.Net;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Everything about a room that is not messages. Its master changes it, by <see cref="Apply"/> and what follows it, and saves
/// it as one value; edges decode that and only read. No clock of its own: times are arguments, in milliseconds since 1970
/// UTC. Not for several threads while one of them changes it.
/// </summary>
public sealed partial class RoomState
{
    /// <summary>How much longer a deleted message is kept in mind than the log keeps messages: logs are trimmed now and then, not at once.</summary>
    internal const ulong DeletedMarginMilliseconds = 2 * HourMilliseconds;

    private const ulong HourMilliseconds = 3_600_000;

    private byte[] _owner = [];

    /// <summary>A room as it is before anything was ever changed: open, whole, nobody's.</summary>
    public RoomState()
    {
    }

    /// <summary>Grows with each change; 0: never changed, as a room is of which nothing is saved.</summary>
    public ulong Version { get; private set; }

    /// <summary>Where it is in its life.</summary>
    public BroadcastState State { get; internal set; }

    /// <summary>The user who created it; empty when nobody did.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The title; may be empty.</summary>
    public string Title { get; internal set; } = "";

    /// <summary>The description; may be empty.</summary>
    public string Description { get; internal set; } = "";

    /// <summary>When it is to begin; 0: not said.</summary>
    public ulong StartsAtMilliseconds { get; internal set; }

    /// <summary>When it ended; 0: it did not yet.</summary>
    public ulong EndedAtMilliseconds { get; internal set; }

    /// <summary>The pinned notice; empty when there is none.</summary>
    public string Notice { get; internal set; } = "";

    /// <summary>The pinned product cards, in the order in which they were pinned.</summary>
    public IReadOnlyList<RoomProduct> Products => PinnedProducts.All;

    /// <summary>True while the master splits and merges by the settings.</summary>
    public bool PolicyAuto { get; internal set; }

    /// <summary>The settings that are numbers and were set, by number; what is not listed has its default.</summary>
    public IEnumerable<RoomSettingValue> Settings => Values.All;

    /// <summary>Generations whose logs are still there, oldest first; the last is <see cref="Current"/>.</summary>
    public IReadOnlyList<Partitioning> Generations => GenerationList.All;

    /// <summary>How the room is divided now.</summary>
    public Partitioning Current => GenerationList.Current;

    /// <summary>True when messages were deleted that may still be in the log: readers then ask <see cref="IsDeleted"/> for each.</summary>
    public bool HasDeleted => DeletedMessages.Count > 0;

    /// <summary>Bans and kicks of users, by user id (UTF-8); those that have ended may still be listed.</summary>
    public IEnumerable<KeyValuePair<byte[], Restriction>> Bans => BannedUsers.All;

    /// <summary>Mutes, by user id (UTF-8); those that have ended may still be listed.</summary>
    public IEnumerable<KeyValuePair<byte[], Restriction>> Mutes => MutedUsers.All;

    /// <summary>Bans of ranges of addresses; those that have ended may still be listed.</summary>
    public IEnumerable<KeyValuePair<IPNetwork, Restriction>> AddressBans => BannedAddresses.All;

    /// <summary>What the room, or inbox, has subscribed to, in the order of topics.</summary>
    public IReadOnlyList<Subscription> Subscriptions => SubscriptionList.All;

    /// <summary>Services that were let in by name, in the order of their names.</summary>
    public IReadOnlyCollection<string> Invited => InvitedServices;

    internal SubscriptionList SubscriptionList { get; } = new();

    internal SortedSet<string> InvitedServices { get; } = new(StringComparer.Ordinal);

    internal SettingValues Values { get; } = new();

    internal AppointedUsers AppointedUsers { get; } = new();

    internal RestrictedUsers BannedUsers { get; } = new(RoomLimits.BansMax);

    internal RestrictedUsers MutedUsers { get; } = new(RoomLimits.MutesMax);

    internal AddressBans BannedAddresses { get; } = new();

    internal PinnedProducts PinnedProducts { get; } = new();

    internal DeletedMessages DeletedMessages { get; } = new();

    internal GenerationList GenerationList { get; } = new();

    /// <summary>The value of a setting that is a number, in its unit: the one set, else the default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The setting is a text, or none.</exception>
    public ulong this[RoomSetting setting] => setting switch
    {
        RoomSetting.StartsAtMilliseconds => StartsAtMilliseconds,
        _ when RoomSettings.Find(setting) is { IsText: false } => Values[setting],
        _ => throw new ArgumentOutOfRangeException(nameof(setting), setting, "not a setting that is a number"),
    };

    /// <summary>True when the user created the room.</summary>
    public bool IsOwner(ReadOnlySpan<byte> user) => _owner.Length > 0 && user.SequenceEqual(_owner);

    /// <summary>
    /// What a user is in this room: the highest of what the token says and what the room says, where "viewer" lowers who
    /// would be a plain member only for want of anything else.
    /// </summary>
    /// <param name="user">The user's id.</param>
    /// <param name="tokenRole">The token's role, or what this has answered before; none: a member.</param>
    public Role RoleOf(ReadOnlySpan<byte> user, Role tokenRole)
    {
        Role general = tokenRole == Role.None ? Role.Member : tokenRole;
        Role here = IsOwner(user) ? Role.Host : AppointedUsers.Of(user);
        return here switch
        {
            Role.None => general,
            Role.Viewer when general == Role.Member => Role.Viewer,
            _ => here > general ? here : general,
        };
    }

    /// <summary>
    /// True when a service may be a member: the room has invited it, or given its user a role. To subscribe to one of its topics lets it
    /// write, not listen.
    /// </summary>
    public bool HasAskedIn(string service, ReadOnlySpan<byte> user) =>
        InvitedServices.Contains(service) || IsOwner(user) || AppointedUsers.Of(user) != Role.None;

    /// <summary>True when a user is muted.</summary>
    public bool IsMuted(ReadOnlySpan<byte> user, ulong nowMilliseconds) => MutedUsers.InForce(user, nowMilliseconds) is not null;

    /// <summary>True when a message was deleted. Texts and data only: what the relay wrote cannot be.</summary>
    public bool IsDeleted(ReadOnlySpan<byte> user, ulong producerId, ulong number) => DeletedMessages.Contains(user, producerId, number);

    /// <summary>A listed generation; null when it is none.</summary>
    public Partitioning? Generation(ulong generation) => GenerationList.Find(generation);

    /// <summary>Why a user may not be in the room: 3016 banned or 3018 kicked, and for how long; null when he may.</summary>
    public ControlRefusal? MayJoin(ReadOnlySpan<byte> user, Role tokenRole, IPAddress? address, ulong nowMilliseconds) =>
        SpeechRules.MayJoin(this, user, tokenRole, address, nowMilliseconds);

    /// <summary>True when every service that was invited under another state is invited under this one: its sessions may stay.</summary>
    public bool LetsBeServices(RoomState before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return InvitedServices.IsSupersetOf(before.InvitedServices);
    }

    /// <summary>
    /// True when whoever was let be in the room under another state is let be under this one, and is the same in it: then its
    /// members need not be looked at again. By what the states hold and not by their versions, of which two may be the same
    /// when the store has lost one of them.
    /// </summary>
    public bool LetsBeAll(RoomState before) =>
        _owner.AsSpan().SequenceEqual(before._owner)
        && AppointedUsers.IsSameAs(before.AppointedUsers)
        && BannedUsers.IsWithin(before.BannedUsers)
        && BannedAddresses.IsWithin(before.BannedAddresses);

    /// <summary>True when a message is deleted here that was not under another state.</summary>
    public bool HasDeletedSince(RoomState before) => !DeletedMessages.IsWithin(before.DeletedMessages);

    /// <summary>
    /// Why a user may not say this now, as far as that does not depend on what was said before: banned, role, scheduled or ended,
    /// frozen, speakers, muted, length, links. Null when he may.
    /// </summary>
    /// <param name="user">The user's id.</param>
    /// <param name="tokenRole">The token's role.</param>
    /// <param name="kind">Length and links are looked at in texts only.</param>
    /// <param name="payload">The message; of a text its UTF-8.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public ControlRefusal? MaySpeak(ReadOnlySpan<byte> user, Role tokenRole, MessageKind kind, ReadOnlySpan<byte> payload, ulong nowMilliseconds) =>
        SpeechRules.MaySpeak(this, user, tokenRole, kind, payload, nowMilliseconds);

    /// <summary>Why a user may not send reactions now; null when he may. A freeze does not keep hearts away.</summary>
    public ControlRefusal? MayReact(ReadOnlySpan<byte> user, Role tokenRole, ulong nowMilliseconds) =>
        SpeechRules.MayReact(this, user, tokenRole, nowMilliseconds);

    /// <summary>Why <see cref="Apply"/> would refuse a control, without changing anything.</summary>
    public ControlRefusal? Check(RoomControl control, ReadOnlySpan<byte> actor, Role actorRole, ulong nowMilliseconds) =>
        ControlRules.Check(this, control, actor, actorRole, nowMilliseconds);

    /// <summary>
    /// Changes the room. A split or merge changes nothing but who decides on the next one (by hand: no longer the master);
    /// the switch itself is <see cref="Begin"/>, in the same step; a merge of a whole room has none. A purchase changes
    /// nothing: it is a message.
    /// </summary>
    /// <param name="control">What to do; its arguments are checked here, too.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="actorRole">What the actor's token says.</param>
    /// <param name="nowMilliseconds">The time.</param>
    /// <returns>Null when it is done; else why not, and nothing was changed.</returns>
    public ControlRefusal? Apply(RoomControl control, ReadOnlySpan<byte> actor, Role actorRole, ulong nowMilliseconds)
    {
        Prune(nowMilliseconds);
        if (Check(control, actor, actorRole, nowMilliseconds) is { } refusal)
        {
            return refusal;
        }

        if (ControlEffects.Apply(this, control, actor, RoleOf(actor, actorRole), nowMilliseconds))
        {
            Version++;
        }

        return null;
    }

    /// <summary>True when a service may speak here: it was invited, or one of its topics is subscribed to.</summary>
    public bool HasLetIn(string service) => InvitedServices.Contains(service) || SubscriptionList.HasTopicOf(service);

    /// <summary>The subscription to a topic, named as service.topic; null when there is none.</summary>
    public Subscription? FindSubscription(string topic) => SubscriptionList.Find(topic);

    /// <summary>What is due by now: notices, once each, and ends, which are then no subscriptions any more.</summary>
    public IReadOnlyList<SubscriptionNotice> TakeDueSubscriptions(ulong nowMilliseconds)
    {
        IReadOnlyList<SubscriptionNotice> due = SubscriptionList.TakeDue(nowMilliseconds);
        Version += due.Count > 0 ? 1UL : 0;
        return due;
    }

    /// <summary>Begins the next generation: a split or merge.</summary>
    /// <param name="next">Its number is the current one's plus one.</param>
    /// <returns>The generations that are listed no longer: their logs can be dropped.</returns>
    public IReadOnlyList<Partitioning> Begin(Partitioning next)
    {
        IReadOnlyList<Partitioning> fallen = GenerationList.Begin(next);
        Version++;
        return fallen;
    }

    /// <summary>Takes the oldest generation off the list, whose logs are too old or too much; false when only the current one is left.</summary>
    public bool DropOldest()
    {
        bool dropped = GenerationList.DropOldest();
        Version += dropped ? 1UL : 0;
        return dropped;
    }

    /// <summary>Gives an edge a partition of its own in a room divided by edges.</summary>
    /// <returns>
    /// False when nothing was changed: it has one, the room is not divided so, or there are <see cref="Partitioning.PartitionsMax"/>;
    /// its members then count by their ids.
    /// </returns>
    public bool AddEdge(string edgeName)
    {
        bool added = GenerationList.AddEdge(edgeName);
        Version += added ? 1UL : 0;
        return added;
    }

    /// <summary>
    /// Forgets what has ended: bans, mutes, and deletions of messages that the log has dropped by age. Nobody who asks sees a
    /// difference, so the version stays.
    /// </summary>
    /// <param name="nowMilliseconds">The time.</param>
    /// <param name="retentionMilliseconds">How long the master keeps messages where the room does not say; not given: for ever.</param>
    /// <returns>True when anything was forgotten.</returns>
    public bool Prune(ulong nowMilliseconds, ulong retentionMilliseconds = ulong.MaxValue)
    {
        ulong hours = Values[RoomSetting.RetentionHours];
        ulong kept = hours > 0 ? hours * HourMilliseconds : retentionMilliseconds;
        bool any = BannedUsers.Prune(nowMilliseconds);
        any |= MutedUsers.Prune(nowMilliseconds);
        any |= BannedAddresses.Prune(nowMilliseconds);
        any |= kept < ulong.MaxValue - DeletedMarginMilliseconds && DeletedMessages.Prune(nowMilliseconds, kept + DeletedMarginMilliseconds);
        return any;
    }

    internal void SetOwner(ReadOnlySpan<byte> user)
    {
        _owner = user.ToArray();
        Owner = Encoding.UTF8.GetString(user);
    }
}
