using RelayServer.Storage;

namespace RelayServer.Accounts.Limits;

/// <summary>
/// Counts attempts in the database, so that several instances count together. An attempt is counted before it is made: who tries many
/// at once gains nothing.
/// </summary>
internal static class AttemptLedger
{
    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);

    /// <summary>Counts one attempt against all limits, or against none when one is used up; then says when it no longer is.</summary>
    public static async Task<TimeSpan?> TryTakeAsync(DatabaseSession session, DateTimeOffset now, IReadOnlyList<AttemptLimit> limits)
    {
        if (await FindWaitAsync(session, now, limits) is { } wait)
        {
            return wait;
        }

        long at = now.ToUnixTimeMilliseconds();
        foreach ((string kind, string subject, TimeSpan period) in limits.GroupBy(
            limit => (limit.Kind, limit.Subject), (key, same) => (key.Kind, key.Subject, same.Max(limit => limit.Period))))
        {
            await session.ExecuteAsync(
                "INSERT INTO attempts (kind, subject, made_at, ends_at) VALUES (@Kind, @Subject, @At, @End)",
                new { Kind = kind, Subject = subject, At = at, End = at + (long)period.TotalMilliseconds });
        }

        return null;
    }

    /// <summary>When none of the limits is used up any more; null when none is. Counts nothing.</summary>
    public static async Task<TimeSpan?> FindWaitAsync(DatabaseSession session, DateTimeOffset now, IReadOnlyList<AttemptLimit> limits)
    {
        long at = now.ToUnixTimeMilliseconds();
        TimeSpan? retryAfter = null;
        foreach (AttemptLimit limit in limits)
        {
            // The oldest of the last CountMax attempts: when that one no longer counts, another may be made.
            long? oldest = await session.FirstOrDefaultAsync<long?>(
                """
                SELECT made_at FROM attempts WHERE kind = @Kind AND subject = @Subject AND made_at > @Since
                ORDER BY made_at DESC LIMIT 1 OFFSET @Offset
                """,
                new { limit.Kind, limit.Subject, Since = at - (long)limit.Period.TotalMilliseconds, Offset = limit.CountMax - 1 });
            if (oldest is { } made)
            {
                TimeSpan wait = TimeSpan.FromMilliseconds(made - at) + limit.Period;
                wait = wait < RetryMin ? RetryMin : wait;
                retryAfter = retryAfter > wait ? retryAfter : wait;
            }
        }

        return retryAfter;
    }

    /// <summary>Takes back the last attempt that was counted against these limits: it was none of those that are limited.</summary>
    public static async Task ReturnAsync(DatabaseSession session, IReadOnlyList<AttemptLimit> limits)
    {
        foreach (AttemptLimit limit in limits)
        {
            await session.ExecuteAsync(
                """
                DELETE FROM attempts WHERE attempt =
                    (SELECT attempt FROM attempts WHERE kind = @Kind AND subject = @Subject ORDER BY made_at DESC, attempt DESC LIMIT 1)
                """,
                new { limit.Kind, limit.Subject });
        }
    }
}
