using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class SlowModeTests
{
    [Fact]
    public void WaitMilliseconds_AfterSpeaking_IsTheRestOfThePause()
    {
        var slow = new SlowMode();
        Assert.Equal(0u, slow.WaitMilliseconds("a"u8, 2000, 10_000));
        slow.Spoke("a"u8, 2000, 10_000);

        Assert.Equal(2000u, slow.WaitMilliseconds("a"u8, 2000, 10_000));
        Assert.Equal(1u, slow.WaitMilliseconds("a"u8, 2000, 11_999));
        Assert.Equal(0u, slow.WaitMilliseconds("a"u8, 2000, 12_000));
        Assert.Equal(0u, slow.WaitMilliseconds("b"u8, 2000, 10_000));
    }

    [Fact]
    public void WaitMilliseconds_PauseChanged_CountsAsItIsNow()
    {
        var slow = new SlowMode();
        slow.Spoke("a"u8, 2000, 10_000);

        Assert.Equal(0u, slow.WaitMilliseconds("a"u8, 0, 10_000));
        Assert.Equal(500u, slow.WaitMilliseconds("a"u8, 500, 10_000));
        Assert.Equal(5000u, slow.WaitMilliseconds("a"u8, 5000, 10_000));
    }

    [Fact]
    public void WaitMilliseconds_ClockSetBack_IsNoLongerThanThePause()
    {
        var slow = new SlowMode();
        slow.Spoke("a"u8, 2000, 10_000);

        Assert.Equal(2000u, slow.WaitMilliseconds("a"u8, 2000, 1_000));
    }

    [Fact]
    public void Spoke_ManyUsers_RemembersTheLatest()
    {
        var slow = new SlowMode(usersMax: 100);
        for (int i = 0; i < 1000; i++)
        {
            slow.Spoke(Stage.Id("u" + i), 60_000, (ulong)(10_000 + i));
        }

        Assert.Equal(100, slow.Count);
        Assert.Equal(0u, slow.WaitMilliseconds("u899"u8, 60_000, 11_000));
        Assert.NotEqual(0u, slow.WaitMilliseconds("u900"u8, 60_000, 11_000));
    }

    [Fact]
    public void Spoke_AfterThePause_ForgetsThoseBefore()
    {
        var slow = new SlowMode();
        for (int i = 0; i < 50; i++)
        {
            slow.Spoke(Stage.Id("u" + i), 1000, 10_000);
        }

        slow.Spoke("v"u8, 1000, 11_001);
        Assert.Equal(1, slow.Count);
    }

    [Fact]
    public void Spoke_TheSameUserAgain_CountsFromTheLatest()
    {
        var slow = new SlowMode();
        slow.Spoke("a"u8, 2000, 10_000);
        slow.Spoke("a"u8, 2000, 11_500);
        slow.Spoke("b"u8, 2000, 12_100);

        Assert.Equal(1400u, slow.WaitMilliseconds("a"u8, 2000, 12_100));
    }
}
