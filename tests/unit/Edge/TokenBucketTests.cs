using RelayServer.Edge.Sessions;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Edge;

/// <summary>What passes a rate limit, and when the rest may come again.</summary>
public sealed class TokenBucketTests
{
    private const ulong Start = 1_767_225_600_000;
    private static readonly RateLimit TenPerSecond = new(10, 5);
    private TokenBucket _bucket;

    [Fact]
    public void Wait_NoLimit_EverythingPasses()
    {
        Assert.Equal(0U, _bucket.Wait(default, long.MaxValue, Start));
        _bucket.Take(default, long.MaxValue, Start);
        Assert.Equal(0U, _bucket.Wait(default, 1, Start));
    }

    [Fact]
    public void Wait_BurstIsUsedUp_RefusedUntilAsMuchHasComeBackAsOneWaitBrings()
    {
        Assert.Equal(5, Passed(TenPerSecond, 10, Start));
        Assert.Equal(500U, _bucket.Wait(TenPerSecond, 1, Start));
        Assert.Equal(5, Passed(TenPerSecond, 10, Start + 500));
    }

    [Fact]
    public void Wait_DuringTheWaitThatWasTold_NothingOvertakes()
    {
        Passed(TenPerSecond, 6, Start);
        Assert.Equal(500U, _bucket.Wait(TenPerSecond, 1, Start));
        Assert.Equal(1U, _bucket.Wait(TenPerSecond, 1, Start + 499));
        Assert.Equal(0U, _bucket.Wait(TenPerSecond, 1, Start + 500));
    }

    [Fact]
    public void Wait_MoreThanTheBurst_PassesWhenFullAndIsPaidForAfterwards()
    {
        Assert.Equal(0U, _bucket.Wait(TenPerSecond, 30, Start));
        _bucket.Take(TenPerSecond, 30, Start);
        Assert.Equal(3000U, _bucket.Wait(TenPerSecond, 1, Start));
        Assert.Equal(0U, _bucket.Wait(TenPerSecond, 1, Start + 3000));
    }

    [Fact]
    public void Wait_LongQuiet_GathersNoMoreThanTheBurst()
    {
        Passed(TenPerSecond, 5, Start);
        Assert.Equal(5, Passed(TenPerSecond, 100, Start + 86_400_000));
    }

    [Fact]
    public void Wait_ClockStandsStillAndGoesBack_NothingIsGained()
    {
        Assert.Equal(5, Passed(TenPerSecond, 5, Start));
        Assert.True(_bucket.Wait(TenPerSecond, 1, Start - 1000) >= 500);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1_000_000_000, 1_000_000_000)]
    [InlineData(999_999_937, 10_000_000)]
    public void Wait_Greedy_NeverMoreThanRateAndBurstAndNeverMuchLess(long perSecond, long burst)
    {
        var chance = new Random((int)(TestSeed.Choose() % int.MaxValue));
        var limit = new RateLimit(perSecond, burst);
        ulong now = Start;
        long passed = 0;
        for (int step = 0; step < 10_000; step++)
        {
            long tokens = chance.NextInt64(1, burst + 1);
            uint wait = _bucket.Wait(limit, tokens, now);
            if (wait > 0)
            {
                now += wait;
                continue;
            }

            _bucket.Take(limit, tokens, now);
            passed += tokens;
            Assert.True(passed <= burst + ((Int128)perSecond * (now - Start) / 1000) + step, $"{passed} tokens after {now - Start} ms");
        }

        // Waiting as told wastes at most what the rounding to milliseconds does.
        Assert.True(passed >= (Int128)perSecond * (now - Start) / 1000 / 4, $"{passed} tokens after {now - Start} ms");
    }

    private int Passed(RateLimit limit, int requests, ulong now)
    {
        int passed = 0;
        for (int i = 0; i < requests; i++)
        {
            if (_bucket.Wait(limit, 1, now) == 0)
            {
                _bucket.Take(limit, 1, now);
                passed++;
            }
        }

        return passed;
    }
}
