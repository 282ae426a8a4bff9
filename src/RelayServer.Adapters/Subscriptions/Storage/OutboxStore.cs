using System.Security.Cryptography;
using System.Text.Json;
using RelayServer.Client.Services;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>The updates of one service that wait to be sent, and who sends them.</summary>
internal sealed class OutboxStore(Database database, string service, TimeProvider time)
{
    /// <summary>Refusals are of use for as long as somebody may wait to hear of them: of so many updates, the last.</summary>
    internal const int RefusalsKept = 10_000;

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

    /// <summary>True when some process has run the service on this store.</summary>
    public async Task<bool> IsKnownAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        session => session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_services WHERE service = @service", new { service }),
        cancellationToken).ConfigureAwait(false) > 0;

    /// <summary>Becomes or stays the one who sends; false when somebody else is.</summary>
    public async Task<bool> TryLeaseAsync(string owner, TimeSpan term, CancellationToken cancellationToken)
    {
        // A lease that lasts longer than any can was taken by a clock that is wrong: it must not bind the others for as long.
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long most = now + (2 * (long)term.TotalMilliseconds);
        return await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                UPDATE subscription_services SET lease_owner = @owner, lease_until = @until
                WHERE service = @service AND (lease_owner = @owner OR lease_until < @now OR lease_until > @most)
                """,
                new { service, owner, now, most, until = now + (long)term.TotalMilliseconds }),
            cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Lets somebody else send.</summary>
    public Task ReleaseAsync(string owner, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.ExecuteAsync(
            "UPDATE subscription_services SET lease_owner = '', lease_until = 0 WHERE service = @service AND lease_owner = @owner", new { service, owner }),
        cancellationToken);

    /// <summary>Adds updates, within a transaction; the number of the last.</summary>
    public static async Task<ulong> AppendAsync(DatabaseSession session, string service, IReadOnlyList<NewUpdate> updates)
    {
        await session.ExecuteAsync(
            "UPDATE subscription_services SET last_number = last_number + @count WHERE service = @service", new { service, count = (long)updates.Count });
        long last = await session.FirstOrDefaultAsync<long>("SELECT last_number FROM subscription_services WHERE service = @service", new { service });
        await session.ExecuteAsync(
            "INSERT INTO subscription_outbox (service, number, target, card, subjects) VALUES (@service, @number, @Target, @card, @subjects)",
            updates.Select((update, index) => new
            {
                service,
                update.Target,
                number = last - updates.Count + 1 + index,
                card = JsonSerializer.Serialize(update.Card),
                subjects = JsonSerializer.Serialize(update.Subjects),
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

    /// <summary>True when there is something to send, or to tell a room.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        session => session.FirstOrDefaultAsync<long>(
            $"""
            SELECT COUNT(*) FROM subscription_services WHERE service = @service AND (
                EXISTS (SELECT 1 FROM subscription_outbox AS waiting WHERE waiting.service = @service)
                OR EXISTS (SELECT 1 FROM subscription_tallies AS due WHERE {TallyStore.IsDue}))
            """,
            TallyStore.TimesOf(service, time.GetUtcNow().ToUnixTimeMilliseconds())),
        cancellationToken).ConfigureAwait(false) > 0;

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

    /// <summary>Forgets one that the relay refuses for good, and remembers why for those who wait for it.</summary>
    public Task RefuseAsync(ulong number, string reason, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var keys = new { service, number = (long)number, reason, oldest = (long)number - RefusalsKept };
            int waited = await session.ExecuteAsync("DELETE FROM subscription_outbox WHERE service = @service AND number = @number", keys);

            // What another process has sent meanwhile is only refused because it is old.
            if (waited > 0)
            {
                await session.ExecuteAsync("DELETE FROM subscription_refusals WHERE service = @service AND number < @oldest", keys);
                await session.ExecuteAsync("INSERT INTO subscription_refusals (service, number, reason) VALUES (@service, @number, @reason)", keys);
            }
        },
        cancellationToken);

    /// <summary>What has become of an update that was added.</summary>
    public Task<UpdateFate> FateAsync(ulong number, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            var keys = new { service, number = (long)number, now = time.GetUtcNow().ToUnixTimeMilliseconds() };
            if (await session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_outbox WHERE service = @service AND number = @number", keys) > 0)
            {
                long senders = await session.FirstOrDefaultAsync<long>(
                    "SELECT COUNT(*) FROM subscription_services WHERE service = @service AND lease_until >= @now", keys);
                return new UpdateFate(senders > 0 ? UpdateState.InHand : UpdateState.Waiting, string.Empty);
            }

            string? reason = await session.FirstOrDefaultAsync<string>(
                "SELECT reason FROM subscription_refusals WHERE service = @service AND number = @number", keys);
            return new UpdateFate(reason is null ? UpdateState.Sent : UpdateState.Refused, reason ?? string.Empty);
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
