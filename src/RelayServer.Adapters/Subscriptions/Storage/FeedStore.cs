using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>How the feeds of one service stand, and who polls them.</summary>
internal sealed class FeedStore(Database database, string service, TimeProvider time)
{
    /// <summary>How a feed stands; the defaults for one that was never polled.</summary>
    public async Task<FeedState> ReadAsync(string feed, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.FirstOrDefaultAsync<FeedState>(
                """
                SELECT etag, last_modified, polled_at, due_at, failures, is_gone, status
                FROM subscription_feeds WHERE service = @service AND feed = @feed
                """,
                new { service, feed }),
            cancellationToken).ConfigureAwait(false) ?? new FeedState();

    /// <summary>Takes a feed's turn when it is due and nobody else has it.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="owner">Who takes it.</param>
    /// <param name="term">How long it is his.</param>
    /// <param name="longest">Longest time between polls. What is due, or taken, for twice as long as can be was written by a clock that is wrong.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> TryLeaseAsync(string feed, string owner, TimeSpan term, TimeSpan longest, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO subscription_feeds (service, feed, polled_at, due_at, failures, is_gone, status, lease_owner, lease_until)
                    VALUES (@service, @feed, 0, 0, 0, 0, '', '', 0) ON CONFLICT (service, feed) DO NOTHING
                    """,
                    new { service, feed });
                return await session.ExecuteAsync(
                    """
                    UPDATE subscription_feeds SET lease_owner = @owner, lease_until = @until
                    WHERE service = @service AND feed = @feed AND is_gone = 0 AND (due_at <= @now OR due_at > @never)
                        AND (lease_owner = @owner OR lease_until < @now OR lease_until > @most)
                    """,
                    new
                    {
                        service,
                        feed,
                        owner,
                        now,
                        until = now + (long)term.TotalMilliseconds,
                        most = now + (2 * (long)term.TotalMilliseconds),
                        never = now + (2 * (long)longest.TotalMilliseconds),
                    });
            },
            cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Keeps how it stands and ends the turn.</summary>
    public Task SaveAsync(string feed, string owner, FeedState state, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.ExecuteAsync(
            """
            UPDATE subscription_feeds SET etag = @Etag, last_modified = @LastModified, polled_at = @PolledAt, due_at = @DueAt, failures = @Failures,
                is_gone = @IsGone, status = @Status, lease_owner = '', lease_until = 0
            WHERE service = @service AND feed = @feed AND lease_owner = @owner
            """,
            new { service, feed, owner, state.Etag, state.LastModified, state.PolledAt, state.DueAt, state.Failures, state.IsGone, state.Status }),
        cancellationToken);
}
