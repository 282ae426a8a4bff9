namespace RelayServer.Client;

/// <summary>
/// How long to wait before trying again: a random part of a ceiling that doubles from <paramref name="min"/> to
/// <paramref name="max"/>, so that clients cut at the same moment do not come back at the same moment.
/// </summary>
internal sealed class ReconnectBackoff(TimeSpan min, TimeSpan max, Func<double>? random = null)
{
    private const int DoublingsMax = 30;

    // The longest that timers take, 49.7 days.
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    // Timers count by a coarse clock, so one may end this much early, and a server that said when must not be asked before.
    private static readonly TimeSpan TimerEarlyMax = TimeSpan.FromMilliseconds(16);

    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    /// <summary>The wait after <paramref name="failures"/> failures in a row, before the first: 0.</summary>
    /// <param name="failures">Failures before this one.</param>
    /// <param name="hint">What the server asked for; waited for in full, with a little of our own spread on top.</param>
    public TimeSpan Next(int failures, TimeSpan hint)
    {
        TimeSpan wait = hint > TimeSpan.Zero ? hint + TimerEarlyMax + (_random() * min) : _random() * Ceiling(failures);
        return wait < WaitMax ? wait : WaitMax;
    }

    /// <summary>The longest wait after so many failures.</summary>
    public TimeSpan Ceiling(int failures)
    {
        double doubled = min.TotalMilliseconds * Math.Pow(2, Math.Min(failures, DoublingsMax));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, max.TotalMilliseconds));
    }
}
