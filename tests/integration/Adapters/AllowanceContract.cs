using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.IntegrationTests.Storage;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What is left of an allowance, on any store.</summary>
public abstract class AllowanceContract(IDatabaseHost host) : IAsyncLifetime
{
    private readonly HandTime _time = new();
    private ServiceBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await ServiceBench.OpenAsync(host, time: _time);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _bench.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Take_MoreThanAMinutesWorth_SaysWhenThereIsRoom()
    {
        Allowance allowance = OfAMinute(7);
        for (int post = 0; post < 7; post++)
        {
            Assert.Equal(0, await TakeAsync(allowance));
        }

        Assert.Equal(9, await TakeAsync(allowance));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, await TakeAsync(allowance));
        Assert.Equal(9, await TakeAsync(allowance));
        Assert.Equal(0, await TakeAsync(OfAMinute(1) with { Name = "other" }));
    }

    [Fact]
    public async Task Take_AfterAQuietHour_IsNoMoreThanAMinutesWorth()
    {
        Allowance allowance = OfAMinute(2);
        Assert.Equal(0, await TakeAsync(allowance));
        _time.Advance(TimeSpan.FromHours(1));

        int[] waits = [await TakeAsync(allowance), await TakeAsync(allowance), await TakeAsync(allowance)];
        Assert.Equal([0, 0, 30], waits);
    }

    [Fact]
    public async Task Left_AfterSomeAreTaken_FillsEvenly()
    {
        Allowance allowance = OfAMinute(6);
        Assert.Equal(6, await _bench.Allowances.LeftAsync(allowance, Cancel));
        await _bench.Allowances.TakeAsync(allowance, 5, Cancel);
        Assert.Equal(1, await _bench.Allowances.LeftAsync(allowance, Cancel));
        _time.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal(3, await _bench.Allowances.LeftAsync(allowance, Cancel));
    }

    [Fact]
    public async Task Take_ByManyProcessesAtOnce_IsNoMoreThanThereIs()
    {
        await using ServiceBench other = await ServiceBench.OpenAsync(host, time: _time, owner: "two");
        Allowance allowance = OfAMinute(5);

        int[] waits = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => (number % 2 == 0 ? _bench : other).Allowances.TakeAsync(allowance, Cancel)));

        Assert.Equal(5, waits.Count(wait => wait == 0));
    }

    [Fact]
    public async Task Take_AfterAClockThatIsWrong_IsAsIfNothingWereTaken()
    {
        var ahead = new HandTime();
        ahead.Advance(TimeSpan.FromDays(1000));
        await using ServiceBench wrong = await ServiceBench.OpenAsync(host, time: ahead, owner: "two");
        Allowance allowance = OfAMinute(1);
        Assert.Equal(0, await wrong.Allowances.TakeAsync(allowance, Cancel));

        Assert.Equal(0, await TakeAsync(allowance));
        Assert.Equal(60, await TakeAsync(allowance));
    }

    private static Allowance OfAMinute(int most) => new("hook:desk", most, TimeSpan.FromMinutes(1));

    private Task<int> TakeAsync(Allowance allowance) => _bench.Allowances.TakeAsync(allowance, Cancel);
}
