using RelayServer.Adapters.Subscriptions.Hooks;
using RelayServer.UnitTests.Edge;

namespace RelayServer.UnitTests.Adapters;

public sealed class PostRateTests
{
    [Fact]
    public void Take_MoreThanAMinutesWorth_SaysWhenThereIsRoom()
    {
        var time = new HandTime();
        var rate = new PostRate(30, time);
        for (int post = 0; post < 30; post++)
        {
            Assert.Equal(0, rate.Take());
        }

        Assert.Equal(2, rate.Take());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, rate.Take());
        Assert.Equal(2, rate.Take());
    }

    [Fact]
    public void Take_AfterAQuietHour_IsNoMoreThanAMinutesWorth()
    {
        var time = new HandTime();
        var rate = new PostRate(2, time);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([0, 0, 30], [rate.Take(), rate.Take(), rate.Take()]);
    }
}
