using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>
/// What people do with the items of one service: likes and comments. Every change names the command that made it; the same
/// command again has the same outcome and changes nothing.
/// </summary>
internal sealed class ResponseStore(Database database, string service, SubscriptionsOptions options, TimeProvider time)
{
    /// <summary>How many like an item, and how many rows say so or that it was taken back.</summary>
    internal const string CountQuery =
        """
        SELECT COUNT(*) AS rows_kept, COUNT(CASE WHEN is_liked = 1 THEN 1 END) AS likes
        FROM subscription_likes WHERE service = @service AND item = @item
        """;

    /// <summary>Likes an item, or takes that back.</summary>
    /// <param name="item">The item.</param>
    /// <param name="subject">Who does.</param>
    /// <param name="command">Names the command.</param>
    /// <param name="isLiked">False to take it back.</param>
    /// <param name="room">Where it was said, if the others there are to hear of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<LikeOutcome> LikeAsync(
        string item, string subject, string command, bool isLiked, string? room, CancellationToken cancellationToken) => database.WriteAsync(
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
            LikeCount count = await session.FirstOrDefaultAsync<LikeCount>(CountQuery, keys) ?? new LikeCount();
            if (isLiked && changed > 0 && count.RowsKept > options.LikesPerItemMax && !await TryMakeRoomAsync(session, item, subject))
            {
                return new LikeOutcome(found, false, count.Likes - 1, IsFull: true);
            }

            if (changed > 0 && room is not null)
            {
                long before = isLiked ? count.Likes - 1 : count.Likes + 1;
                await TallyStore.NoteAsync(session, service, room, item, before, time.GetUtcNow().ToUnixTimeMilliseconds());
            }

            bool isChange = changed > 0 || await session.FirstOrDefaultAsync<long>(
                """
                SELECT COUNT(*) FROM subscription_likes
                WHERE service = @service AND item = @item AND subject = @subject AND is_liked = @liked AND command = @command
                """,
                keys) > 0;
            return new LikeOutcome(found, isChange, count.Likes);
        },
        cancellationToken);

    /// <summary>How many like an item, within a transaction.</summary>
    public static Task<long> CountLikesAsync(DatabaseSession session, string service, string item) => session.FirstOrDefaultAsync<long>(
        "SELECT COUNT(*) FROM subscription_likes WHERE service = @service AND item = @item AND is_liked = 1", new { service, item });

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
            if (same > 0)
            {
                return new CommentOutcome(found);
            }

            long own = await session.FirstOrDefaultAsync<long>(
                "SELECT COUNT(*) FROM subscription_comments WHERE service = @service AND item = @item AND subject = @subject", keys);
            long last = await session.FirstOrDefaultAsync<long>(
                "SELECT COALESCE(MAX(number), 0) FROM subscription_comments WHERE service = @service AND item = @item", keys);
            if (own >= options.CommentsPerUserMax || last >= options.CommentsPerItemMax)
            {
                return new CommentOutcome(found, last >= options.CommentsPerItemMax, own >= options.CommentsPerUserMax);
            }

            await session.ExecuteAsync(
                """
                INSERT INTO subscription_comments (service, item, number, subject, command, written_at, text)
                VALUES (@service, @item, @number, @subject, @command, @now, @text)
                """,
                new { service, item, subject, command, text, number = last + 1, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
            return new CommentOutcome(found);
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

    // A like that was taken back gives way: its row only remembers the command that did so. False when there is none, and the new one is gone.
    private async Task<bool> TryMakeRoomAsync(DatabaseSession session, string item, string subject)
    {
        var keys = new { service, item, subject };
        int gone = await session.ExecuteAsync(
            """
            DELETE FROM subscription_likes WHERE service = @service AND item = @item AND subject = (
                SELECT MIN(subject) FROM subscription_likes WHERE service = @service AND item = @item AND is_liked = 0)
            """,
            keys);
        return gone > 0 || await session.ExecuteAsync(
            "DELETE FROM subscription_likes WHERE service = @service AND item = @item AND subject = @subject", keys) == 0;
    }

    /// <summary>A row; made by the mapper.</summary>
    private sealed class LikeCount
    {
        public long RowsKept { get; set; }

        public long Likes { get; set; }
    }
}
