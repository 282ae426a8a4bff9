namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>How much of something there may be: a bucket that fills evenly.</summary>
/// <param name="Name">Of what; one of its service.</param>
/// <param name="CountMax">So many in <paramref name="Period"/>, and at once after a quiet time.</param>
/// <param name="Period">The time in which it fills.</param>
internal sealed record Allowance(string Name, int CountMax, TimeSpan Period)
{
    /// <summary>The same in microseconds.</summary>
    public long PeriodMicroseconds => Period.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time in which there is one more, in microseconds.</summary>
    public long StepMicroseconds => PeriodMicroseconds / CountMax;
}
