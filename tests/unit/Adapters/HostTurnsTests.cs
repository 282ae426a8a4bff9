using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class HostTurnsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeAsync_SameHost_WaitsForTheTurn()
    {
        var turns = new HostTurns();
        IDisposable first = await turns.TakeAsync("Example.org", Cancel);
        Task<IDisposable> second = turns.TakeAsync("example.org", Cancel);
        (await turns.TakeAsync("other.org", Cancel)).Dispose();

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public async Task TakeAsync_Cancelled_LeavesNothingBehind()
    {
        var turns = new HostTurns();
        using var giveUp = new CancellationTokenSource();
        IDisposable first = await turns.TakeAsync("example.org", Cancel);
        Task<IDisposable> second = turns.TakeAsync("example.org", giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        Assert.Equal(0, turns.Count);
    }
}
