namespace RelayServer.Edge.Sessions;

/// <summary>How fast something may go on.</summary>
/// <param name="PerSecond">Tokens that come in a second; 0 is no limit.</param>
/// <param name="Burst">Tokens that may have gathered, at least 1.</param>
internal readonly record struct RateLimit(long PerSecond, long Burst)
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A limit whose burst is what comes in a second.</summary>
    public static RateLimit Of(long perSecond) => new(perSecond, Math.Max(1, perSecond));

    /// <summary>How long so many tokens take to come, in nanoseconds.</summary>
    public ulong Nanoseconds(long tokens) =>
        (ulong)((UInt128)(ulong)tokens * NanosecondsPerSecond / (ulong)PerSecond);
}
