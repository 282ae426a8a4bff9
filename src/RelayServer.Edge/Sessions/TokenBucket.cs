namespace RelayServer.Edge.Sessions;

/// <summary>
/// What one session has used of a <see cref="RateLimit"/>: full at first, driven by the time it is given. After a
/// refusal nothing passes until the time that was told is over: what a client sent meanwhile does not overtake what it
/// will send again, and the wait is long enough that a good part of it passes then.
/// </summary>
internal struct TokenBucket
{
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    // A bucket is the time at which it will be full again.
    private ulong _fullAtNanoseconds;
    private ulong _closedUntilMilliseconds;

    /// <summary>
    /// 0 when so many tokens may be taken now, else the milliseconds to wait. More than the burst may be taken when
    /// the bucket is full, and is paid for afterwards.
    /// </summary>
    public uint Wait(RateLimit limit, long tokens, ulong nowMilliseconds)
    {
        if (limit.PerSecond == 0)
        {
            return 0;
        }

        if (ClosedFor(nowMilliseconds) is > 0 and uint closed)
        {
            return closed;
        }

        ulong missing = Missing(nowMilliseconds);
        ulong burst = limit.Nanoseconds(limit.Burst);
        ulong wanted = limit.Nanoseconds(Math.Min(tokens, limit.Burst));
        if (missing + wanted <= burst)
        {
            return 0;
        }

        wanted = Math.Max(wanted, limit.Nanoseconds(Math.Min(limit.PerSecond, limit.Burst)));
        ulong wait = (missing + wanted - burst + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond;
        _closedUntilMilliseconds = nowMilliseconds + wait;
        return (uint)Math.Min(wait, uint.MaxValue);
    }

    /// <summary>What is left of a wait that was told, in milliseconds.</summary>
    public readonly uint ClosedFor(ulong nowMilliseconds) =>
        nowMilliseconds < _closedUntilMilliseconds ? (uint)Math.Min(_closedUntilMilliseconds - nowMilliseconds, uint.MaxValue) : 0;

    /// <summary>Takes tokens for which <see cref="Wait"/> was 0.</summary>
    public void Take(RateLimit limit, long tokens, ulong nowMilliseconds)
    {
        if (limit.PerSecond > 0)
        {
            _fullAtNanoseconds = (nowMilliseconds * NanosecondsPerMillisecond) + Missing(nowMilliseconds) + limit.Nanoseconds(tokens);
        }
    }

    private readonly ulong Missing(ulong nowMilliseconds)
    {
        ulong now = nowMilliseconds * NanosecondsPerMillisecond;
        return _fullAtNanoseconds > now ? _fullAtNanoseconds - now : 0;
    }
}
