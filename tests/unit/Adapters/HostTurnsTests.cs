using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class HostTurnsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeAsync_SameHost_WaitsForTheTurn()
    {
        using var turns = new HostTurns();
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
        using var turns = new HostTurns();
        using var giveUp = new CancellationTokenSource();
        IDisposable first = await turns.TakeAsync("example.org", Cancel);
        Task<IDisposable> second = turns.TakeAsync("example.org", giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public async Task TakeAsync_ManyHosts_WaitForAPlace()
    {
        using var turns = new HostTurns(2);
        IDisposable[] held = [await turns.TakeAsync("a.org", Cancel), await turns.TakeAsync(null, Cancel)];
        using var giveUp = new CancellationTokenSource();
        Task<IDisposable> third = turns.TakeAsync("b.org", Cancel);
        Task<IDisposable> fourth = turns.TakeAsync("c.org", giveUp.Token);
        Assert.False(third.IsCompleted || fourth.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);

        held[0].Dispose();
        (await third).Dispose();
        held[1].Dispose();
        Assert.Equal(0, turns.Count);
    }

    [Fact]
    public async Task TakeAsync_MoreHostsThanAreFetchedAtOnce_WaitForAPlace()
    {
        using var turns = new HostTurns();
        IDisposable[] held = await Task.WhenAll(Enumerable.Range(0, FeedLimits.FetchesMax).Select(host => turns.TakeAsync($"{host}.org", Cancel)));
        Task<IDisposable> next = turns.TakeAsync("next.org", Cancel);
        Assert.False(next.IsCompleted);

        Array.ForEach(held, place => place.Dispose());
        (await next).Dispose();
    }

    [Fact]
    public async Task TakeAsync_QueueAtOneHost_KeepsNoPlaceFromOthers()
    {
        using var turns = new HostTurns(2);
        IDisposable slow = await turns.TakeAsync("slow.org", Cancel);
        Task<IDisposable>[] queue = [.. Enumerable.Range(0, 5).Select(_ => turns.TakeAsync("slow.org", Cancel))];

        (await turns.TakeAsync("other.org", Cancel)).Dispose();

        slow.Dispose();
        foreach (Task<IDisposable> waiting in queue)
        {
            (await waiting).Dispose();
        }
    }
}
