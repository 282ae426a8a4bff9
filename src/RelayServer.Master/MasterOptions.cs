using System.ComponentModel.DataAnnotations;

namespace RelayServer.Master;

/// <summary>Settings of a master; section <c>Master</c>.</summary>
public sealed class MasterOptions
{
    /// <summary>Name in logs and in the slot table; the id of the running master is this and a random part.</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string Name { get; set; } = "master";

    /// <summary>Messages that a channel's log keeps; also how far back a repeated publish is recognised.</summary>
    [Range(1, 10_000_000)]
    public int RetentionMessages { get; set; } = 200_000;

    /// <summary>
    /// How long a channel's log keeps a message, in hours, whether or not anybody writes to it or joins. What is older is
    /// shown to nobody who joins a channel without members; where there are members it goes a few minutes later.
    /// </summary>
    [Range(1, 24 * 365)]
    public int RetentionHours { get; set; } = 7 * 24;

    /// <summary>
    /// Logs looked at in a second in search of messages that are older than the retention, in channels that are not in
    /// memory. 0 leaves them until somebody joins.
    /// </summary>
    [Range(0, 10_000)]
    public int SweepLogsPerSecond { get; set; } = 100;

    /// <summary>Bytes relayed to an edge and not yet confirmed by it, before the master waits for it.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int EdgeUnconfirmedBytesMax { get; set; } = 128 * 1024;

    /// <summary>How long the master waits for such an edge before it goes on without it, in milliseconds; the edge repairs itself from the log.</summary>
    [Range(10, 60_000)]
    public int EdgeStallMilliseconds { get; set; } = 1000;

    /// <summary>After this silence an edge is forgotten, in milliseconds.</summary>
    [Range(2000, 600_000)]
    public int EdgeTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>
    /// After this silence, while others are heard, the members of an edge are not counted until it is heard again, in
    /// milliseconds. An edge shows itself once a second.
    /// </summary>
    [Range(1500, 600_000)]
    public int PresenceTimeoutMilliseconds { get; set; } = 3000;

    /// <summary>Messages of edges waiting for the master, in bytes; what does not fit is sent again by the edge.</summary>
    [Range(1 << 20, 1 << 30)]
    public int InboxBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Publishes waiting for their channel's log to be read, in bytes, over all channels.</summary>
    [Range(1 << 20, 1 << 30)]
    public int ParkedBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Channel logs read at the same time.</summary>
    [Range(1, 1024)]
    public int LoadsMax { get; set; } = 32;

    /// <summary>
    /// Channels in memory. For one more the channel that was idle longest leaves the memory before its time; when there
    /// is none, the request is refused with Overloaded. Its log stays.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ChannelsMax { get; set; } = 250_000;

    /// <summary>A channel without members or messages for this long leaves the memory, in seconds; its log stays.</summary>
    [Range(1, 86_400)]
    public int ChannelIdleSeconds { get; set; } = 300;

    /// <summary>
    /// Created rooms that are listed and found. When there are more, those that ended longest ago make room; while none has
    /// ended, only operators and tokens of the role service that name no service create another, which works and is not listed.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RoomsListedMax { get; set; } = 10_000;

    /// <summary>
    /// Rooms of one owner that have not ended. One more is refused with Conflict, so that nobody takes the whole list;
    /// operators, and tokens of the role service that name no service, create as many as they need. Rooms that a new master has yet to
    /// read are not counted.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RoomsPerOwnerMax { get; set; } = 100;

    /// <summary>The same of a user whose token names a service: services open rooms for others.</summary>
    [Range(1, 1_000_000)]
    public int RoomsPerServiceMax { get; set; } = 2000;

    /// <summary>
    /// What a user's changes of rooms may cost in a second, in bytes: each flush with any is the room's state, once for the
    /// store and once for each edge with members. As much may be spent at once; what is above waits (RateLimited). Operators, and tokens of
    /// the role service that name no service, may spend any amount.
    /// </summary>
    [Range(64 * 1024, 1 << 30)]
    public int ControlBytesPerSecondMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// File with the key by which services know users, as <c>relay auth subject-key</c> writes it: then they know a user by the same name
    /// from the relay and from the authentication server. Without it the store keeps one of its own.
    /// </summary>
    public string? SubjectKeyFile { get; set; }

    /// <summary><see cref="RetentionHours"/>, unless a simulation has less time.</summary>
    internal TimeSpan RetentionAge
    {
        get => field == default ? TimeSpan.FromHours(RetentionHours) : field;
        set;
    }
}
