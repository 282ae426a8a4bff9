namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>How many posts a hook takes: a bucket that fills evenly over a minute.</summary>
internal sealed class PostRate(int perMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = perMinute;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one; 0, or in how many seconds there is one.</summary>
    public int Take()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            double perSecond = perMinute / 60.0;
            _tokens = Math.Min(perMinute, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
            _filledAt = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return 0;
            }

            return (int)Math.Ceiling((1 - _tokens) / perSecond);
        }
    }
}
