namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>One request at a time to each host, and so many at a time in all, over all feeds of a process.</summary>
/// <param name="most">So many in all.</param>
internal sealed class HostTurns(int most = FeedLimits.FetchesMax) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most);
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

    /// <summary>Waits for a host's turn, and then for a place; dispose what is returned to pass them on.</summary>
    /// <param name="host">The host; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IDisposable> TakeAsync(string? host, CancellationToken cancellationToken)
    {
        Turn? turn = host is null ? null : await TakeHostAsync(host, cancellationToken).ConfigureAwait(false);
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Place(_places, turn);
        }
        catch
        {
            turn?.Dispose();
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<Turn> TakeHostAsync(string host, CancellationToken cancellationToken)
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

    private sealed class Place(SemaphoreSlim places, Turn? turn) : IDisposable
    {
        public void Dispose()
        {
            places.Release();
            turn?.Dispose();
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
