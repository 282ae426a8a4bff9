using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class WriteThreadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryRun_TooManyWait_Refused()
    {
        using var release = new ManualResetEventSlim();
        using var running = new ManualResetEventSlim();
        using var thread = new WriteThread(jobsMax: 2);
        Task<int> first = thread.TryRun(() =>
        {
            running.Set();
            release.Wait(Cancel);
            return 1;
        })!;
        running.Wait(Cancel);
        Task<int>? second = thread.TryRun(() => 2);
        Task<int>? third = thread.TryRun(() => 3);
        Assert.Null(thread.TryRun(() => 4));
        release.Set();
        int[] answers = await Task.WhenAll(first, second!, third!);
        Assert.Equal([1, 2, 3], answers);
        Assert.Equal(5, await thread.TryRun(() => 5)!);
    }

    [Fact]
    public async Task TryRun_JobThrows_OnlyThatJobFails()
    {
        using var thread = new WriteThread(jobsMax: 2);
        Task<int> failing = thread.TryRun<int>(() => throw new InvalidDataException())!;
        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        Assert.Equal(1, await thread.TryRun(() => 1)!);
    }

    [Fact]
    public async Task Dispose_JobsWait_RunFirstThenNoMore()
    {
        var thread = new WriteThread(jobsMax: 100);
        Task<int>[] jobs = [.. Enumerable.Range(0, 50).Select(i => thread.TryRun(() => i)!)];
        thread.Dispose();
        thread.Dispose();
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(jobs));
        Assert.Null(thread.TryRun(() => 1));
    }
}
