using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Services;

/// <summary>Services through what befalls relays, and those that there cannot be.</summary>
public sealed class ServiceLifeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_OfTheMasterOrAll_EverythingGoesOn(bool all)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice", relay.A);
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.SubscribeAsync("lobby", "weather.storms", ["north"], cancellationToken: Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["north"], 1, Cancel);
        Assert.Equal("s1", (await WeatherRelay.NextAsync<RelayUpdate>(lobby)).Card.Item);

        await (all ? relay.RestartAsync() : relay.ReplaceMasterAsync());

        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["north"], 1, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s2"), ["north"], 2, Cancel);
        Assert.Equal("s2", (await WeatherRelay.NextAsync<RelayUpdate>(lobby)).Card.Item);
        Assert.Equal("ok", (await alice.CommandLineAsync("lobby", "/weather now Oslo", cancellationToken: Cancel)).Text);
        Assert.Equal(["weather.storms"], (await alice.QuerySubscriptionsAsync("lobby", cancellationToken: Cancel)).Subscriptions.Select(one => one.Topic));
    }

    [Fact]
    public async Task Start_ATokenOfAnotherService_IsRefused()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();

        foreach (string token in new[] { "speaker:news", "service:weather", "user:weather" })
        {
            RelayException refused = await Assert.ThrowsAsync<RelayException>(() => RelayService.StartAsync(
                relay.Options(token), WeatherRelay.Definition, (_, _) => ValueTask.FromResult(ServiceResult.Of("ok")), Cancel));
            Assert.Equal(ErrorCode.Forbidden, refused.Code);
        }
    }

    [Fact]
    public async Task Service_ItsEdgeGoes_ComesBackAtAnotherUntilItIsDisposed()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await using RelayService service = await RelayService.StartAsync(
            relay.Options("speaker:weather", relay.A, relay.B),
            WeatherRelay.Definition, (_, _) => ValueTask.FromResult(ServiceResult.Of("ok")), Cancel);

        await relay.Relay.EdgeA.StopAsync(Cancel);
        await Eventually.TrueAsync(
            async () => (await (await relay.ConnectAsync("alice", relay.B)).QueryMenuAsync(cancellationToken: Cancel)).Lines[0].IsAvailable,
            WeatherRelay.Patience, () => "the service did not come back");

        Assert.False(service.Completion.IsCompleted);
        await service.DisposeAsync();
        await service.Completion.WaitAsync(WeatherRelay.Patience, Cancel);
    }
}
