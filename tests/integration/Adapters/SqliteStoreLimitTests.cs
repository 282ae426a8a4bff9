using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqliteStoreLimitTests() : StoreLimitContract(new SqliteHost())
{
    // Each like counts those of its item: with 100,000 of them a reading of all rows would keep everybody else from the store.
    [Fact]
    public async Task Like_LikesOfItsItem_AreCountedInAnIndexAlone()
    {
        await using var host = new SqliteHost();
        await using ServiceBench bench = await ServiceBench.OpenAsync(host);
        IReadOnlyList<PlanStep> plan = await bench.Database.ReadAsync(
            session => session.QueryAsync<PlanStep>($"EXPLAIN QUERY PLAN {ResponseStore.CountQuery}", new { service = "news", item = "item" }),
            TestContext.Current.CancellationToken);
        Assert.Contains("USING COVERING INDEX subscription_likes_by_item", Assert.Single(plan).Detail, StringComparison.Ordinal);
    }

    /// <summary>A row; made by the mapper.</summary>
    private sealed class PlanStep
    {
        public string Detail { get; set; } = string.Empty;
    }
}
