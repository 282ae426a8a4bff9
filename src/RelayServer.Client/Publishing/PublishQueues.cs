namespace RelayServer.Client;

/// <summary>
/// Where publishes stand until they are settled: waiting for room, kept by their lane, queued for the socket, unanswered.
/// Guarded by the ledger's lock.
/// </summary>
internal sealed class PublishQueues(RelayClientOptions options, WakeSignal wake)
{
    private const int TakenBackMax = 1024;

    private int _takenBack;

    public PublishLanes Lanes { get; } = new();

    public PublishRoom Room { get; } = new(options.PublishBufferBytesMax, options.PublishBacklogMessagesMax);

    public PublishSendQueue Sending { get; } = new(wake);

    /// <summary>Admitted publishes with ack, by number.</summary>
    public Dictionary<ulong, PendingPublish> Unanswered { get; } = [];

    /// <summary>Those whose number the caller chose, by it, from the call until they are settled.</summary>
    public Dictionary<ulong, PendingPublish> Given { get; } = [];

    /// <summary>Finds a publish that was written to this connection and waits for its answer.</summary>
    public bool TryGetSent(ulong number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingPublish? pending) =>
        Unanswered.TryGetValue(number, out pending) && pending.Sent;

    /// <summary>The connection is gone: everything admitted goes back to its lane, which waits to be joined.</summary>
    public void Reset()
    {
        foreach (PublishLane lane in Lanes.All)
        {
            lane.Joined = false;
        }

        Sending.Reset(Unanswered.Values.Where(pending => pending.Sent).OrderBy(pending => pending.Number));
    }

    /// <summary>What of a lane is not settled.</summary>
    public PendingPublish[] UnsettledOf(PublishLane lane)
    {
        Sending.Release(lane);
        return
        [
            .. Unanswered.Values.Concat(Room.Waiting).Concat(Sending.Queued).Where(p => p.Lane == lane && !p.Settled).Distinct(),
        ];
    }

    /// <summary>
    /// A publish was settled where it stood. It keeps its place until its turn, which does not come while there is no
    /// connection: after some of them the places are looked through.
    /// </summary>
    public void NoteTakenBack()
    {
        if (++_takenBack >= TakenBackMax)
        {
            DropSettled();
        }
    }

    /// <summary>Forgets what is settled.</summary>
    public void DropSettled()
    {
        _takenBack = 0;
        Room.DropSettled();
        Sending.DropSettled();
        foreach (PublishLane lane in Lanes.All)
        {
            lane.DropSettled();
        }
    }
}
