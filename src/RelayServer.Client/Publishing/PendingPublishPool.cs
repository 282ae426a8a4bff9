namespace RelayServer.Client;

/// <summary>Finished publishes, kept for the next ones. Bounded: above the bound they are left to the garbage collector.</summary>
internal sealed class PendingPublishPool
{
    private const int KeptMax = 4096;

    private readonly Lock _gate = new();
    private readonly Stack<PendingPublish> _kept = new();

    public PendingPublish Rent()
    {
        lock (_gate)
        {
            if (_kept.TryPop(out PendingPublish? pending))
            {
                return pending;
            }
        }

        return new PendingPublish(this);
    }

    public void Return(PendingPublish pending)
    {
        lock (_gate)
        {
            if (_kept.Count < KeptMax)
            {
                _kept.Push(pending);
            }
        }
    }
}
