using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>What is left of the allowances of one service, for all processes that run it.</summary>
internal sealed class AllowanceStore(Database database, string service, TimeProvider time)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>How many there may be now.</summary>
    public Task<int> LeftAsync(Allowance allowance, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            long now = Now();
            long left = (now + allowance.PeriodMicroseconds - await FindFullAsync(session, allowance, now)) / allowance.StepMicroseconds;
            return (int)Math.Clamp(left, 0, allowance.CountMax);
        },
        cancellationToken);

    /// <summary>Takes one; 0, or in how many seconds there is one.</summary>
    public Task<int> TakeAsync(Allowance allowance, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            long now = Now();
            long fullAt = await FindFullAsync(session, allowance, now) + allowance.StepMicroseconds;
            long wait = fullAt - now - allowance.PeriodMicroseconds;
            if (wait > 0)
            {
                return (int)((wait + MicrosecondsPerSecond - 1) / MicrosecondsPerSecond);
            }

            await SaveAsync(session, allowance, fullAt);
            return 0;
        },
        cancellationToken);

    /// <summary>Takes so many of those that were left.</summary>
    public Task TakeAsync(Allowance allowance, int count, CancellationToken cancellationToken) => count == 0 ? Task.CompletedTask : database.WriteAsync(
        async session => await SaveAsync(session, allowance, await FindFullAsync(session, allowance, Now()) + (count * allowance.StepMicroseconds)),
        cancellationToken);

    // When it is full, or was. Later than any clock that is nearly right can have written is as if nothing had been taken.
    private async Task<long> FindFullAsync(DatabaseSession session, Allowance allowance, long now)
    {
        long fullAt = await session.FirstOrDefaultAsync<long>(
            "SELECT full_at FROM subscription_allowances WHERE service = @service AND name = @Name", new { service, allowance.Name });
        return fullAt > now + (2 * allowance.PeriodMicroseconds) ? now : Math.Max(fullAt, now);
    }

    private Task<int> SaveAsync(DatabaseSession session, Allowance allowance, long fullAt) => session.ExecuteAsync(
        """
        INSERT INTO subscription_allowances (service, name, full_at) VALUES (@service, @Name, @fullAt)
        ON CONFLICT (service, name) DO UPDATE SET full_at = excluded.full_at
        """,
        new { service, allowance.Name, fullAt });

    private long Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
