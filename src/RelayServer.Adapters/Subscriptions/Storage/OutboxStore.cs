using System.Security.Cryptography;
using System.Text.Json;
using RelayServer.Client.Services;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>The updates of one service that wait to be sent, and who sends them.</summary>
internal sealed class OutboxStore(Database database, string service, TimeProvider time)
{
    /// <summary>
    /// The service's producer id, made when there is none. Together with an update's number it names the update for ever, so it lives
    /// as long as the store.
    /// </summary>
    public Task<ulong> OpenAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync(
                """
                INSERT INTO subscription_services (service, producer_id, last_number, last_position, lease_owner, lease_until)
                VALUES (@service, @producer, 0, 0, '', 0) ON CONFLICT (service) DO NOTHING
                """,
                new { service, producer = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) | 1 });
            return unchecked((ulong)await session.FirstOrDefaultAsync<long>(
                "SELECT producer_id FROM subscription_services WHERE service = @service", new { service }));
        },
        cancellationToken);

    /// <summary>Becomes or stays the one who sends; false when somebody else is.</summary>
    public async Task<bool> TryLeaseAsync(string owner, TimeSpan term, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                UPDATE subscription_services SET lease_owner = @owner, lease_until = @until
                WHERE service = @service AND (lease_owner = @owner OR lease_until < @now)
                """,
                new { service, owner, now, until = now + (long)term.TotalMilliseconds }),
            cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Lets somebody else send.</summary>
    public Task ReleaseAsync(string owner, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.ExecuteAsync(
            "UPDATE subscription_services SET lease_owner = '', lease_until = 0 WHERE service = @service AND lease_owner = @owner", new { service, owner }),
        cancellationToken);

    /// <summary>Adds updates of items, within a transaction; the number of the last.</summary>
    public static async Task<ulong> AppendAsync(DatabaseSession session, string service, string target, IReadOnlyList<NewItem> items)
    {
        await session.ExecuteAsync(
            "UPDATE subscription_services SET last_number = last_number + @count WHERE service = @service", new { service, count = (long)items.Count });
        long last = await session.FirstOrDefaultAsync<long>("SELECT last_number FROM subscription_services WHERE service = @service", new { service });
        await session.ExecuteAsync(
            "INSERT INTO subscription_outbox (service, number, target, card, subjects) VALUES (@service, @number, @target, @card, @subjects)",
            items.Select((item, index) => new
            {
                service,
                target,
                number = last - items.Count + 1 + index,
                card = JsonSerializer.Serialize(ItemCards.Of(item.Item)),
                subjects = JsonSerializer.Serialize(item.Subjects),
            }));
        return (ulong)last;
    }

    /// <summary>How many wait, within a transaction. Numbers have no holes, and the oldest leave first: no row need be counted.</summary>
    public static async Task<long> CountAsync(DatabaseSession session, string service) => await session.FirstOrDefaultAsync<long>(
        """
        SELECT last_number + 1 - COALESCE((SELECT MIN(number) FROM subscription_outbox WHERE service = @service), last_number + 1)
        FROM subscription_services WHERE service = @service
        """,
        new { service });

    /// <summary>How many wait.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => database.ReadAsync(session => CountAsync(session, service), cancellationToken);

    /// <summary>Those that have waited longest, in order.</summary>
    public Task<IReadOnlyList<OutboxEntry>> ReadAsync(int count, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<OutboxEntry>>(
        async session =>
        {
            IReadOnlyList<Row> rows = await session.QueryAsync<Row>(
                "SELECT number, target, card, subjects FROM subscription_outbox WHERE service = @service ORDER BY number LIMIT @count",
                new { service, count = (long)count });
            return [.. rows.Select(row => row.ToEntry())];
        },
        cancellationToken);

    /// <summary>Forgets those that the relay has.</summary>
    public Task RemoveAsync(IReadOnlyList<ulong> numbers, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            foreach (ulong number in numbers)
            {
                await session.ExecuteAsync(
                    "DELETE FROM subscription_outbox WHERE service = @service AND number = @number", new { service, number = (long)number });
            }
        },
        cancellationToken);

    /// <summary>A row; made by the mapper.</summary>
    private sealed class Row
    {
        public long Number { get; set; }

        public string Target { get; set; } = string.Empty;

        public string Card { get; set; } = string.Empty;

        public string Subjects { get; set; } = string.Empty;

        public OutboxEntry ToEntry() =>
            new((ulong)Number, Target, JsonSerializer.Deserialize<ServiceCard>(Card)!, JsonSerializer.Deserialize<string[]>(Subjects)!);
    }
}
