using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>
/// Tells rooms how many like an item, when somebody there has said so: at once, and then no more than once in <see cref="ItemPause"/> for an
/// item and in <see cref="RoomPause"/> for a room, however many do. The service does not know their names.
/// </summary>
internal sealed class TallyStore(Database database, string service, SubscriptionsOptions options, TimeProvider time)
{
    private const long ItemPauseMilliseconds = 30_000;

    /// <summary>Rooms that are told in one transaction.</summary>
    internal const int RoomsMax = 64;

    /// <summary>Items of which a room has yet to hear, or has heard lately; of one more it does not hear.</summary>
    internal const int ItemsPerRoomMax = 32;

    /// <summary>The same of all rooms of a service.</summary>
    internal const int ItemsMax = 10_000;

    /// <summary>Shortest time between two lines of a room about one item.</summary>
    internal static readonly TimeSpan ItemPause = TimeSpan.FromMilliseconds(ItemPauseMilliseconds);

    /// <summary>Shortest time between two lines of a room about any item.</summary>
    internal static readonly TimeSpan RoomPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Rows of <c>subscription_tallies AS due</c> of which the room may be told now; values from <see cref="TimesOf"/>. What is due later than
    /// any can be was noted by a clock that is wrong.
    /// </summary>
    internal const string IsDue = """
        due.service = @service AND due.due_at > 0 AND (due.due_at <= @now OR due.due_at > @never) AND NOT EXISTS (
            SELECT 1 FROM subscription_tallies AS told
            WHERE told.service = due.service AND told.room = due.room AND told.told_at > @told AND told.told_at <= @now)
        """;

    /// <summary>Notes, within a transaction, that a room has something to hear.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="service">The service.</param>
    /// <param name="room">The room.</param>
    /// <param name="item">What was liked there, or no longer is.</param>
    /// <param name="before">How many liked it before.</param>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    public static async Task NoteAsync(DatabaseSession session, string service, string room, string item, long before, long now)
    {
        const long Pause = ItemPauseMilliseconds;
        var keys = new { service, room, item, before, now, pause = Pause, old = now - Pause, ahead = now + Pause };
        int noted = await session.ExecuteAsync(
            """
            UPDATE subscription_tallies SET due_at = CASE
                WHEN due_at > 0 THEN due_at
                WHEN told_at + @pause > @now THEN told_at + @pause
                ELSE @now END
            WHERE service = @service AND room = @room AND item = @item
            """,
            keys);
        if (noted > 0)
        {
            return;
        }

        // What was told long enough ago is of no use any more, nor what a clock has written that is wrong.
        await session.ExecuteAsync(
            "DELETE FROM subscription_tallies WHERE service = @service AND due_at = 0 AND (told_at <= @old OR told_at > @ahead)", keys);
        long there = await session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_tallies WHERE service = @service AND room = @room", keys);
        long all = await session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_tallies WHERE service = @service", keys);
        if (there < ItemsPerRoomMax && all < ItemsMax)
        {
            await session.ExecuteAsync(
                "INSERT INTO subscription_tallies (service, room, item, due_at, told_at, likes) VALUES (@service, @room, @item, @now, 0, @before)", keys);
        }
    }

    /// <summary>The values of <see cref="IsDue"/>.</summary>
    internal static object TimesOf(string service, long now) => new
    {
        service,
        now,
        never = now + ItemPauseMilliseconds,
        told = now - (long)RoomPause.TotalMilliseconds,
        most = (long)RoomsMax,
    };

    /// <summary>Puts what rooms are to be told now into the outbox: an item for each room.</summary>
    public Task QueueAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await OutboxStore.CountAsync(session, service) >= options.OutboxItemsMax)
            {
                return;
            }

            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            List<NewUpdate> updates = [];
            foreach (Row due in await FindDueAsync(session, now))
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

            if (updates.Count > 0)
            {
                await OutboxStore.AppendAsync(session, service, updates);
            }
        },
        cancellationToken);

    // Of each room one: many that wait in one room keep no other from hearing.
    private Task<IReadOnlyList<Row>> FindDueAsync(DatabaseSession session, long now) => session.QueryAsync<Row>(
        $"""
        SELECT room, item, likes FROM (
            SELECT room, item, likes, due_at, ROW_NUMBER() OVER (PARTITION BY room ORDER BY due_at, item) AS place
            FROM subscription_tallies AS due WHERE {IsDue}) AS waiting
        WHERE place = 1 ORDER BY due_at LIMIT @most
        """,
        TimesOf(service, now));

    /// <summary>A row; made by the mapper.</summary>
    private sealed class Row
    {
        public string Room { get; set; } = string.Empty;

        public string Item { get; set; } = string.Empty;

        public long Likes { get; set; }
    }
}
