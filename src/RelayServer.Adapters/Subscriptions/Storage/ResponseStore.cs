using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>
/// What people do with the items of one service: likes, comments, shares. Every change names the command that made it; the same
/// command again has the same outcome and changes nothing.
/// </summary>
internal sealed class ResponseStore(Database database, string service, SubscriptionsOptions options, TimeProvider time)
{
    /// <summary>Likes an item, or takes that back.</summary>
    public Task<LikeOutcome> LikeAsync(string item, string subject, string command, bool isLiked, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await ItemStore.FindAsync(session, service, item) is not { } found)
            {
                return default;
            }

            var keys = new { service, item, subject, command, liked = isLiked ? 1L : 0L };
            int changed = await session.ExecuteAsync(
                isLiked
                    ? """
                      INSERT INTO subscription_likes (service, item, subject, is_liked, command) VALUES (@service, @item, @subject, 1, @command)
                      ON CONFLICT (service, item, subject) DO UPDATE SET is_liked = 1, command = excluded.command WHERE subscription_likes.is_liked = 0
                      """
                    : """
                      UPDATE subscription_likes SET is_liked = 0, command = @command
                      WHERE service = @service AND item = @item AND subject = @subject AND is_liked = 1
                      """,
                keys);
            bool isChange = changed > 0 || await session.FirstOrDefaultAsync<long>(
                """
                SELECT COUNT(*) FROM subscription_likes
                WHERE service = @service AND item = @item AND subject = @subject AND is_liked = @liked AND command = @command
                """,
                keys) > 0;
            long likes = await session.FirstOrDefaultAsync<long>(
                "SELECT COUNT(*) FROM subscription_likes WHERE service = @service AND item = @item AND is_liked = 1", keys);
            return new LikeOutcome(found, isChange, likes);
        },
        cancellationToken);

    /// <summary>Keeps a comment.</summary>
    public Task<CommentOutcome> CommentAsync(string item, string subject, string command, string text, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await ItemStore.FindAsync(session, service, item) is not { } found)
            {
                return default;
            }

            var keys = new { service, item, subject, command };
            long same = await session.FirstOrDefaultAsync<long>(
                "SELECT COUNT(*) FROM subscription_comments WHERE service = @service AND item = @item AND subject = @subject AND command = @command", keys);
            long last = await session.FirstOrDefaultAsync<long>(
                "SELECT COALESCE(MAX(number), 0) FROM subscription_comments WHERE service = @service AND item = @item", keys);
            if (same > 0 || last >= options.CommentsPerItemMax)
            {
                return new CommentOutcome(found, same == 0);
            }

            await session.ExecuteAsync(
                """
                INSERT INTO subscription_comments (service, item, number, subject, command, written_at, text)
                VALUES (@service, @item, @number, @subject, @command, @now, @text)
                """,
                new { service, item, subject, command, text, number = last + 1, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
            return new CommentOutcome(found, false);
        },
        cancellationToken);

    /// <summary>The last comments of an item, the oldest of them first.</summary>
    public Task<IReadOnlyList<StoredComment>> CommentsAsync(string item, int count, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredComment>>(
        async session =>
        {
            IReadOnlyList<StoredComment> last = await session.QueryAsync<StoredComment>(
                """
                SELECT number, subject, written_at, text FROM subscription_comments
                WHERE service = @service AND item = @item ORDER BY number DESC LIMIT @count
                """,
                new { service, item, count = (long)count });
            return [.. last.Reverse()];
        },
        cancellationToken);

    /// <summary>Queues the card of an item for a room; the number of the update, 0 when the item is not kept.</summary>
    public Task<(StoredItem? Item, ulong Number)> ShareAsync(string item, string subject, string command, string room, CancellationToken cancellationToken) =>
        database.WriteAsync<(StoredItem?, ulong)>(
            async session =>
            {
                if (await ItemStore.FindAsync(session, service, item) is not { } found)
                {
                    return (null, 0);
                }

                var keys = new { service, item, subject, command };
                long number = await session.FirstOrDefaultAsync<long>(
                    "SELECT number FROM subscription_shares WHERE service = @service AND item = @item AND subject = @subject AND command = @command", keys);
                if (number == 0)
                {
                    number = (long)await OutboxStore.AppendAsync(session, service, room, [new NewItem(found, [])]);
                    await session.ExecuteAsync(
                        "INSERT INTO subscription_shares (service, item, subject, command, number) VALUES (@service, @item, @subject, @command, @number)",
                        new { service, item, subject, command, number });
                }

                return (found, (ulong)number);
            },
            cancellationToken);
}
