using RelayServer.Adapters.Subscriptions;
using RelayServer.UnitTests.Edge;

namespace RelayServer.UnitTests.Adapters;

public sealed class AllowanceTests
{
    private readonly HandTime _time = new();

    [Fact]
    public void Take_MoreThanAMinutesWorth_SaysWhenThereIsRoom()
    {
        Allowance allowance = OfAMinute(30);
        for (int post = 0; post < 30; post++)
        {
            Assert.Equal(0, allowance.Take());
        }

        Assert.Equal(2, allowance.Take());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, allowance.Take());
        Assert.Equal(2, allowance.Take());
    }

    [Fact]
    public void Take_AfterAQuietHour_IsNoMoreThanAMinutesWorth()
    {
        Allowance allowance = OfAMinute(2);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([0, 0, 30], [allowance.Take(), allowance.Take(), allowance.Take()]);
    }

    [Fact]
    public void Left_AfterSomeAreTaken_FillsEvenly()
    {
        Allowance allowance = OfAMinute(6);
        allowance.Take(5);
        Assert.Equal(1, allowance.Left);
        _time.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal(3, allowance.Left);
    }

    private Allowance OfAMinute(int most) => new(most, TimeSpan.FromMinutes(1), _time);
}
