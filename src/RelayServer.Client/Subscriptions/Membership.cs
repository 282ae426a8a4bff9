using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>One joined channel: its place in the log, what was received of it, and its publishes. Guarded by <see cref="Memberships"/>.</summary>
internal sealed class Membership(PublishLane lane, JoinFrom from, int queueBytesMax)
{
    private volatile MembershipState _state;
    private RoomStatus? _status;
    private RelayCounts? _counts;

    public string Channel => Lane.Channel;

    public PublishLane Lane { get; } = lane;

    public DeliveryCursor Cursor { get; } = DeliveryCursor.For(from);

    public DeliveryQueue Queue { get; } = new(queueBytesMax);

    /// <summary>Completes at the first JOINED, with where delivery starts and the end of the log.</summary>
    public TaskCompletionSource<(Position From, Position Top)> FirstJoined { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the membership has ended.</summary>
    public TaskCompletionSource HasEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of the last JOIN or LEAVE.</summary>
    public uint Correlation { get; set; }

    /// <summary>What the relay said last about the room; null before it did.</summary>
    public RoomStatus? Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }

    /// <summary>The last count of members; null before there was one.</summary>
    public RelayCounts? Counts
    {
        get => Volatile.Read(ref _counts);
        set => Volatile.Write(ref _counts, value);
    }

    /// <summary>JOINs refused for now, in a row; a field, because counting changes it in place.</summary>
    public RefusalSeries Refusals;

    public ITimer? RetryTimer { get; set; }

    /// <summary>The relay asked to wait with the next JOIN, on this connection or another; the timer ends it.</summary>
    public bool IsBackingOff { get; set; }

    public MembershipState State
    {
        get => _state;
        set => _state = value;
    }
}
