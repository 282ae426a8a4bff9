namespace RelayServer.Adapters.Subscriptions;

/// <summary>How much of something there may be: a bucket that fills evenly.</summary>
/// <param name="most">So much in <paramref name="per"/>, and at once after a quiet time.</param>
/// <param name="per">The time in which it fills.</param>
/// <param name="time">The clock.</param>
internal sealed class Allowance(int most, TimeSpan per, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly double _perSecond = most / per.TotalSeconds;
    private double _left = most;
    private long _filledAt = time.GetTimestamp();

    /// <summary>How many there may be now.</summary>
    public int Left
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return (int)_left;
            }
        }
    }

    /// <summary>Takes one; 0, or in how many seconds there is one.</summary>
    public int Take()
    {
        lock (_gate)
        {
            Fill();
            if (_left >= 1)
            {
                _left--;
                return 0;
            }

            return (int)Math.Ceiling((1 - _left) / _perSecond);
        }
    }

    /// <summary>Takes so many of those that are <see cref="Left"/>.</summary>
    public void Take(int count)
    {
        lock (_gate)
        {
            _left -= count;
        }
    }

    private void Fill()
    {
        long now = time.GetTimestamp();
        _left = Math.Min(most, _left + (time.GetElapsedTime(_filledAt, now).TotalSeconds * _perSecond));
        _filledAt = now;
    }
}
