namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>One request at a time to each host, over all feeds of a process.</summary>
internal sealed class HostTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many hosts are asked or waited for.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _turns.Count;
            }
        }
    }

    /// <summary>Waits for a host's turn; dispose what is returned to pass it on.</summary>
    public async Task<IDisposable> TakeAsync(string host, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(host, out turn!))
            {
                turn = new Turn(this, host);
                _turns.Add(host, turn);
            }

            turn.Users++;
        }

        try
        {
            await turn.Free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(turn.Host);
                turn.Free.Dispose();
            }
        }
    }

    private sealed class Turn(HostTurns turns, string host) : IDisposable
    {
        public string Host { get; } = host;

        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            Free.Release();
            turns.Leave(this);
        }
    }
}
