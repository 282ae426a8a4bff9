using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class FeedScheduleTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    [Fact]
    public void After_ReadWell_IsThePollTime()
    {
        Assert.Equal(Poll, Wait(new FetchResult(FetchKind.Changed), 0));
        Assert.Equal(Poll, Wait(new FetchResult(FetchKind.Unchanged), 0));
    }

    [Theory]
    [InlineData(60, 300)]
    [InlineData(3600, 3600)]
    [InlineData(999_999, 86_400)]
    public void After_MaxAge_IsHonouredWithinBounds(int maxAgeSeconds, int waitSeconds)
    {
        var result = new FetchResult(FetchKind.Changed) { MaxAge = TimeSpan.FromSeconds(maxAgeSeconds) };

        Assert.Equal(TimeSpan.FromSeconds(waitSeconds), Wait(result, 0));
    }

    [Theory]
    [InlineData(10, 300)]
    [InlineData(1800, 1800)]
    [InlineData(999_999, 86_400)]
    public void After_RetryAfter_IsHonouredWithinBounds(int retrySeconds, int waitSeconds)
    {
        var result = new FetchResult(FetchKind.Failed) { RetryAfter = TimeSpan.FromSeconds(retrySeconds) };

        Assert.Equal(TimeSpan.FromSeconds(waitSeconds), Wait(result, 1));
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 600)]
    [InlineData(4, 2400)]
    [InlineData(9, 76_800)]
    [InlineData(10, 86_400)]
    [InlineData(int.MaxValue, 86_400)]
    public void After_Failures_DoublesUpToTheLongest(int failures, int waitSeconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(waitSeconds), Wait(new FetchResult(FetchKind.Failed), failures));
    }

    [Fact]
    public void After_AnyResult_DriftsByATenthAtMost()
    {
        var schedule = new FeedSchedule(Poll, Longest, () => 1);

        Assert.Equal(Poll * 1.1, schedule.After(new FetchResult(FetchKind.Changed), 0));
    }

    private static TimeSpan Wait(FetchResult result, int failures) => new FeedSchedule(Poll, Longest, () => 0).After(result, failures);
}
