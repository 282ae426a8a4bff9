using RelayServer.Client;

namespace RelayServer.UnitTests.Client;

public sealed class ReconnectBackoffTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(6, 6400)]
    [InlineData(7, 10_000)]
    [InlineData(int.MaxValue, 10_000)]
    public void Ceiling_AfterFailures_DoublesUpToMax(int failures, double milliseconds) =>
        Assert.Equal(milliseconds, new ReconnectBackoff(Min, Max).Ceiling(failures).TotalMilliseconds);

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 400)]
    [InlineData(0.999, 799.2)]
    public void Next_NoHint_IsARandomPartOfTheCeiling(double random, double milliseconds) =>
        Assert.Equal(milliseconds, new ReconnectBackoff(Min, Max, () => random).Next(3, TimeSpan.Zero).TotalMilliseconds, 3);

    [Theory]
    [InlineData(0.0, 30_016)]
    [InlineData(0.5, 30_066)]
    public void Next_Hint_IsWaitedForInFullByWhateverClock(double random, double milliseconds) =>
        Assert.Equal(
            milliseconds, new ReconnectBackoff(Min, Max, () => random).Next(0, TimeSpan.FromSeconds(30)).TotalMilliseconds, 3);

    [Fact]
    public void Next_LongestHintOfTheWire_IsAWaitThatTimersTake()
    {
        TimeSpan wait = new ReconnectBackoff(Min, Max, () => 1).Next(0, TimeSpan.FromMilliseconds(uint.MaxValue));
        using var timer = new Timer(_ => { }, null, wait, Timeout.InfiniteTimeSpan);
        Assert.InRange(wait.TotalDays, 49.7, 49.8);
    }
}
