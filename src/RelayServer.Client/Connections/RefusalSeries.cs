namespace RelayServer.Client;

/// <summary>How often, and since when, one request was refused for now.</summary>
internal struct RefusalSeries
{
    private int _count;
    private long _firstTimestamp;

    /// <summary>Counts a refusal and says when to try again; false when the time for that is over.</summary>
    /// <param name="options">Clock and bounds.</param>
    /// <param name="backoff">The waits.</param>
    /// <param name="hint">What the relay asked for.</param>
    /// <param name="unbounded">Try for ever.</param>
    /// <param name="delay">When to try again.</param>
    public bool TryNext(RelayClientOptions options, ReconnectBackoff backoff, TimeSpan hint, bool unbounded, out TimeSpan delay)
    {
        if (_count == 0)
        {
            _firstTimestamp = options.TimeProvider.GetTimestamp();
        }

        delay = backoff.Next(_count++, hint);
        return unbounded || options.TimeProvider.GetElapsedTime(_firstTimestamp) < options.RefusalRetryTimeout;
    }
}
