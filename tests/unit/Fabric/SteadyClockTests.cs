using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class SteadyClockTests
{
    private readonly SetClock _time = new();

    [Fact]
    public void NowMilliseconds_WallClockRunsTrue_IsTheWallClock()
    {
        var clock = new SteadyClock(_time);
        _time.Pass(1500, 1500);

        Assert.Equal((ulong)_time.WallMilliseconds, clock.NowMilliseconds);
    }

    [Fact]
    public void NowMilliseconds_WallClockIsSetBack_GoesOnMoreSlowlyAndNeverBack()
    {
        var clock = new SteadyClock(_time);
        ulong before = clock.NowMilliseconds;
        _time.Pass(1000, -3_600_000);

        Assert.Equal(before + 500, clock.NowMilliseconds);
    }

    [Fact]
    public void NowMilliseconds_WallClockIsSetForward_CatchesUpWithoutAJump()
    {
        var clock = new SteadyClock(_time);
        ulong before = clock.NowMilliseconds;
        _time.Pass(1000, 11_000);
        Assert.Equal(before + 1500, clock.NowMilliseconds);
        _time.Pass(20_000, 20_000);

        Assert.Equal((ulong)_time.WallMilliseconds, clock.NowMilliseconds);
    }

    /// <summary>A clock whose two hands the test moves by themselves.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _monotonicMilliseconds;

        public long WallMilliseconds { get; private set; } = 1_700_000_000_000;

        public override long TimestampFrequency => 1000;

        public void Pass(long monotonicMilliseconds, long wallMilliseconds)
        {
            _monotonicMilliseconds += monotonicMilliseconds;
            WallMilliseconds += wallMilliseconds;
        }

        public override long GetTimestamp() => _monotonicMilliseconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(WallMilliseconds);
    }
}
