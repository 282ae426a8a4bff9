using System.Text;

namespace RelayServer.Client;

/// <summary>The publishes of one channel: what keeps their order when some have to wait. Guarded by the ledger's lock.</summary>
internal sealed class PublishLane(string channel)
{
    private readonly List<PendingPublish> _held = [];
    private ITimer? _retryTimer;
    private bool _stopped;

    public string Channel { get; } = channel;

    public byte[] ChannelUtf8 { get; } = Encoding.UTF8.GetBytes(channel);

    /// <summary>We are a member on the present connection, or there is a connection and no membership is needed.</summary>
    public bool Joined { get; set; }

    /// <summary>A publish was refused for now; the ones after it wait with it.</summary>
    public bool BackingOff { get; private set; }

    /// <summary>Callers who wait to leave; while there is one, no new publish is taken.</summary>
    public int Leaving { get; set; }

    /// <summary>No new publish is taken.</summary>
    public bool Closed => _stopped || Leaving > 0;

    /// <summary>Publishes of this channel that the caller was promised and that are not settled.</summary>
    public int Unsettled { get; set; }

    /// <summary>Completed when <see cref="Unsettled"/> becomes 0; there while somebody waits for that.</summary>
    public TaskCompletionSource? Settled { get; set; }

    public bool CanSend => Joined && !BackingOff;

    /// <summary>Keeps a publish back, in the order of numbers.</summary>
    public void Hold(PendingPublish pending)
    {
        int index = _held.Count;
        while (index > 0 && _held[index - 1].Number > pending.Number)
        {
            index--;
        }

        _held.Insert(index, pending);
    }

    /// <summary>Moves what was kept back to where it will be sent from.</summary>
    public void Release(Queue<PendingPublish> destination)
    {
        foreach (PendingPublish pending in _held)
        {
            destination.Enqueue(pending);
        }

        _held.Clear();
    }

    /// <summary>Forgets what was kept and is settled.</summary>
    public void DropSettled() => _held.RemoveAll(pending => pending.Settled);

    /// <summary>Holds everything back until <paramref name="elapsed"/> is called, which has to end it.</summary>
    public void BackOff(TimeSpan delay, TimeProvider time, Action<PublishLane> elapsed)
    {
        BackingOff = true;
        _retryTimer ??= time.CreateTimer(_ => elapsed(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void EndBackOff() => BackingOff = false;

    /// <summary>Stops the timer; nothing more will be sent.</summary>
    public void Stop()
    {
        _stopped = true;
        _retryTimer?.Dispose();
    }
}
