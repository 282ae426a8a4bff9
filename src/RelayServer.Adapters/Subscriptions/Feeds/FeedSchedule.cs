namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>When a feed is polled next.</summary>
/// <param name="poll">Shortest time between polls.</param>
/// <param name="longest">Longest time between polls.</param>
/// <param name="random">Gives numbers from 0 to 1.</param>
internal sealed class FeedSchedule(TimeSpan poll, TimeSpan longest, Func<double> random)
{
    private const int DoublingsMax = 16;

    // Feeds of one server that were added together drift apart.
    private const double JitterShare = 0.1;

    /// <summary>Longest time between polls; that of the feed itself may be longer than what holds for all.</summary>
    public TimeSpan Longest { get; } = longest > poll ? longest : poll;

    /// <summary>How long to wait after a fetch.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="failures">How many have failed in a row, this one included.</param>
    public TimeSpan After(FetchResult result, int failures)
    {
        TimeSpan least = result.Kind == FetchKind.Failed ? BackOff(failures) : poll;
        TimeSpan asked = (result.Kind == FetchKind.Failed ? result.RetryAfter : result.MaxAge) ?? TimeSpan.Zero;
        TimeSpan wait = asked > least ? asked : least;
        wait += wait * (JitterShare * random());
        return wait > Longest ? Longest : wait;
    }

    private TimeSpan BackOff(int failures)
    {
        double factor = Math.Pow(2, Math.Clamp(failures - 1, 0, DoublingsMax));
        double seconds = Math.Min(poll.TotalSeconds * factor, Longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds);
    }
}
