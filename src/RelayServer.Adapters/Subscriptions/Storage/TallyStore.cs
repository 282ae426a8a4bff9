using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>
/// Tells rooms how many like an item, when somebody there has said so: at once, and then no more than once in <see cref="ItemPause"/> for an
/// item and in <see cref="RoomPause"/> for a room, however many do. The service does not know their names.
/// </summary>
internal sealed class TallyStore(Database database, string service, SubscriptionsOptions options, TimeProvider time)
{
    private const int RoomsMax = 64;

    /// <summary>Shortest time between two lines of a room about one item.</summary>
    internal static readonly TimeSpan ItemPause = TimeSpan.FromSeconds(30);

    /// <summary>Shortest time between two lines of a room about any item.</summary>
    internal static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(2);

    private static readonly long ItemPauseMilliseconds = (long)ItemPause.TotalMilliseconds;

    /// <summary>Notes, within a transaction, that a room has something to hear.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="service">The service.</param>
    /// <param name="room">The room.</param>
    /// <param name="item">What was liked there, or no longer is.</param>
    /// <param name="before">How many liked it before.</param>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    public static Task NoteAsync(DatabaseSession session, string service, string room, string item, long before, long now) => session.ExecuteAsync(
        """
        INSERT INTO subscription_tallies (service, room, item, due_at, told_at, likes) VALUES (@service, @room, @item, @now, 0, @before)
        ON CONFLICT (service, room, item) DO UPDATE SET due_at = CASE
            WHEN subscription_tallies.due_at > 0 THEN subscription_tallies.due_at
            WHEN subscription_tallies.told_at + @pause > @now THEN subscription_tallies.told_at + @pause
            ELSE @now END
        """,
        new { service, room, item, before, now, pause = ItemPauseMilliseconds });

    /// <summary>True when some room is to be told now.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(session => FindDueAsync(session, Now()), cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>Puts what rooms are to be told now into the outbox: an item for each room.</summary>
    public Task QueueAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await OutboxStore.CountAsync(session, service) >= options.OutboxItemsMax)
            {
                return;
            }

            long now = Now();
            List<NewUpdate> updates = [];
            foreach (Row due in (await FindDueAsync(session, now)).DistinctBy(row => row.Room))
            {
                long likes = await ResponseStore.CountLikesAsync(session, service, due.Item);
                bool isNews = likes != due.Likes;
                if (isNews && await ItemStore.FindAsync(session, service, due.Item) is { } item)
                {
                    updates.Add(new NewUpdate(due.Room, ItemCards.Of(item, likes), []));
                }

                await session.ExecuteAsync(
                    """
                    UPDATE subscription_tallies SET due_at = 0, likes = @likes, told_at = CASE WHEN @isNews = 1 THEN @now ELSE told_at END
                    WHERE service = @service AND room = @Room AND item = @Item
                    """,
                    new { service, due.Room, due.Item, likes, now, isNews = isNews ? 1L : 0L });
            }

            await session.ExecuteAsync(
                "DELETE FROM subscription_tallies WHERE service = @service AND due_at = 0 AND told_at < @old", new { service, old = now - ItemPauseMilliseconds });
            if (updates.Count > 0)
            {
                await OutboxStore.AppendAsync(session, service, updates);
            }
        },
        cancellationToken);

    // What is due later than any can be was noted by a clock that is wrong.
    private Task<IReadOnlyList<Row>> FindDueAsync(DatabaseSession session, long now) => session.QueryAsync<Row>(
        """
        SELECT room, item, likes FROM subscription_tallies AS due
        WHERE service = @service AND due_at > 0 AND (due_at <= @now OR due_at > @never) AND NOT EXISTS (
            SELECT 1 FROM subscription_tallies AS told
            WHERE told.service = due.service AND told.room = due.room AND told.told_at > @told AND told.told_at <= @now)
        ORDER BY due_at LIMIT @most
        """,
        new { service, now, never = now + ItemPauseMilliseconds, told = now - (long)RoomPause.TotalMilliseconds, most = (long)RoomsMax });

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A row; made by the mapper.</summary>
    private sealed class Row
    {
        public string Room { get; set; } = string.Empty;

        public string Item { get; set; } = string.Empty;

        public long Likes { get; set; }
    }
}
