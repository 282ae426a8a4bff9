using System.Text;
using RelayServer.Client.Services;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>The items of one service.</summary>
internal sealed class ItemStore(Database database, string service, SubscriptionsOptions options, TimeProvider time)
{
    private const string Columns = "item, topic, title, text, link, image, published_at";

    /// <summary>Words that a search looks for; the others are passed over.</summary>
    internal const int WordsMax = 8;

    /// <summary>How far the clocks of processes with one store may be apart.</summary>
    internal const int ClocksApartMilliseconds = 60_000;

    // To look for what is too much costs as much as there is, so it is done once for so many new items.
    private readonly long _pruneEvery = Math.Max(1, options.ItemsPerSourceMax / 20);

    // A post is good from WindowSeconds before its time to as many after it; so long its id must be known, whatever comes meanwhile and to
    // however many processes, whose clocks may be a little apart.
    private readonly long _postIsGood = options.Hooks.Count == 0 ? 0 : (2000L * options.Hooks.Max(hook => hook.WindowSeconds)) + ClocksApartMilliseconds;

    /// <summary>Most items that one question returns.</summary>
    public const int PageMax = 20;

    /// <summary>
    /// Takes what a source has: items that are known are only noted as seen, new ones get the next numbers and wait in the outbox, all
    /// in one transaction. The same items again change nothing.
    /// </summary>
    /// <param name="source">The feed or hook.</param>
    /// <param name="target">Where updates go.</param>
    /// <param name="items">What it has, the oldest first.</param>
    /// <param name="updatesMax">How many of the new ones, the last ones, become updates.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AddOutcome> AddAsync(
        string source, string target, IReadOnlyList<NewItem> items, int updatesMax, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await OutboxStore.CountAsync(session, service) >= options.OutboxItemsMax)
            {
                return AddOutcome.Full;
            }

            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            HashSet<string> known = await SeeAsync(session, items, now);
            NewItem[] added = [.. items.Where(item => known.Add(item.Item.Item))];
            if (added.Length == 0)
            {
                return default;
            }

            long last = await InsertAsync(session, source, TopicOf(target), added, now);
            NewItem[] queued = [.. added.TakeLast(updatesMax)];
            ulong number = queued.Length == 0
                ? 0
                : await OutboxStore.AppendAsync(session, service, [.. queued.Select(item => new NewUpdate(target, ItemCards.Of(item.Item), item.Subjects))]);
            if (last / _pruneEvery != (last - added.Length) / _pruneEvery)
            {
                await PruneAsync(session, source, now - _postIsGood);
            }

            return new AddOutcome(added.Length, queued.Length, number);
        },
        cancellationToken);

    /// <summary>True when so much waits to be sent that nothing more is taken.</summary>
    public async Task<bool> IsFullAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(session => OutboxStore.CountAsync(session, service), cancellationToken).ConfigureAwait(false) >= options.OutboxItemsMax;

    /// <summary>An item; null when it is not kept.</summary>
    public Task<StoredItem?> FindAsync(string item, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindAsync(session, service, item), cancellationToken);

    /// <summary>The newest items, the newest first.</summary>
    public Task<IReadOnlyList<StoredItem>> LatestAsync(int count, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QueryAsync<StoredItem>(
            $"SELECT {Columns} FROM subscription_items WHERE service = @service ORDER BY position DESC LIMIT @count",
            new { service, count = (long)Math.Min(count, PageMax) }),
        cancellationToken);

    /// <summary>The newest items that have every one of some words, the newest first.</summary>
    public Task<IReadOnlyList<StoredItem>> SearchAsync(string text, int count, CancellationToken cancellationToken)
    {
        string[] words = [.. Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Take(WordsMax).Select(Pattern)];
        Dictionary<string, object> parameters = new() { ["service"] = service, ["count"] = (long)Math.Min(count, PageMax) };
        var condition = new StringBuilder();
        foreach ((int index, string word) in words.Index())
        {
            string name = $"word{index}";
            parameters[name] = word;
            condition.Append(" AND words LIKE @").Append(name).Append(" ESCAPE '!'");
        }

        return database.ReadAsync(
            session => session.QueryAsync<StoredItem>(
                $"SELECT {Columns} FROM subscription_items WHERE service = @service{condition} ORDER BY position DESC LIMIT @count", parameters),
            cancellationToken);
    }

    /// <summary>An item, within a transaction.</summary>
    public static Task<StoredItem?> FindAsync(DatabaseSession session, string service, string item) => session.FirstOrDefaultAsync<StoredItem>(
        $"SELECT {Columns} FROM subscription_items WHERE service = @service AND item = @item", new { service, item });

    // A room that one update is for has no topic.
    private string TopicOf(string target)
    {
        string prefix = SourceTarget.PrefixOf(service);
        return target.StartsWith(prefix, StringComparison.Ordinal) ? target[prefix.Length..] : string.Empty;
    }

    private static string Fold(string text) => ComposedForm.Of(text.ToLowerInvariant());

    private static string Pattern(string word) =>
        $"%{word.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";

    // Notes those that are known as seen; their names. One by one: lists are where the engines' words differ.
    private async Task<HashSet<string>> SeeAsync(DatabaseSession session, IReadOnlyList<NewItem> items, long now)
    {
        HashSet<string> known = [];
        foreach (string item in items.Select(item => item.Item.Item))
        {
            int seen = await session.ExecuteAsync(
                "UPDATE subscription_items SET seen_at = @now WHERE service = @service AND item = @item", new { service, item, now });
            if (seen > 0)
            {
                known.Add(item);
            }
        }

        return known;
    }

    private async Task<long> InsertAsync(DatabaseSession session, string source, string topic, NewItem[] added, long now)
    {
        await session.ExecuteAsync(
            "UPDATE subscription_services SET last_position = last_position + @count WHERE service = @service", new { service, count = (long)added.Length });
        long last = await session.FirstOrDefaultAsync<long>("SELECT last_position FROM subscription_services WHERE service = @service", new { service });
        await session.ExecuteAsync(
            """
            INSERT INTO subscription_items (service, item, source, topic, position, seen_at, published_at, title, text, link, image, words)
            VALUES (@service, @Item, @source, @topic, @position, @now, @PublishedAt, @Title, @Text, @Link, @Image, @words)
            """,
            added.Select((item, index) => new
            {
                service,
                source,
                topic,
                now,
                position = last - added.Length + 1 + index,
                item.Item.Item,
                item.Item.PublishedAt,
                item.Item.Title,
                item.Item.Text,
                item.Item.Link,
                item.Item.Image,
                words = Fold($"{item.Item.Title} {item.Item.Text}"),
            }));
        return last;
    }

    // What the source still has was seen just now, so that nothing is forgotten that could come again.
    private async Task PruneAsync(DatabaseSession session, string source, long until)
    {
        IReadOnlyList<string> old = await session.QueryAsync<string>(
            """
            SELECT item FROM (
                SELECT item, seen_at FROM subscription_items WHERE service = @service AND source = @source
                ORDER BY seen_at DESC, position DESC LIMIT @all OFFSET @kept) AS old
            WHERE seen_at <= @until LIMIT 1000
            """,
            new { service, source, until, kept = (long)options.ItemsPerSourceMax, all = (long)int.MaxValue });
        foreach (string item in old)
        {
            foreach (string table in new[] { "subscription_items", "subscription_likes", "subscription_comments", "subscription_tallies" })
            {
                await session.ExecuteAsync($"DELETE FROM {table} WHERE service = @service AND item = @item", new { service, item });
            }
        }
    }
}
