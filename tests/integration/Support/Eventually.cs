namespace RelayServer.IntegrationTests.Support;

/// <summary>Waits for what no event announces, by asking again until a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, TimeSpan patience, Func<string> describe) =>
        TrueAsync(() => Task.FromResult(condition()), patience, describe);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience, Func<string> describe)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience);
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(describe());
            }
        }
    }
}
