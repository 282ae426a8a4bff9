using RelayServer.Client;
using RelayServer.IntegrationTests.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;
using Weather;

namespace RelayServer.IntegrationTests.Client;

/// <summary>The service in the client's README compiles, runs, and is the one that stands there.</summary>
public sealed class ReadmeServiceTests
{
    [Fact]
    public async Task Example_AgainstARelay_DoesWhatItSays()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task running = WeatherService.RunAsync(relay.B.ToString(), "speaker:weather", stop.Token);
        RelayClient root = await relay.ConnectWithAsync(relay.Options("operator:root"));
        RelaySubscription storms = await root.JoinAsync("topic:weather.storms", JoinFrom.Beginning, cancel);
        RelayUpdate update = await storms.NextAsync<RelayUpdate>();
        RelayClient alice = await relay.ConnectAsync("alice");

        RelayCommandResult result = await alice.CommandLineAsync(null, "/weather now Oslo", cancellationToken: cancel);
        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => alice.CommandLineAsync(null, "/weather now Mars", cancellationToken: cancel));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(WeatherRelay.Patience, cancel));
        Assert.Equal(("A storm is coming", 1UL, 1UL), (update.Card.Title, update.ProducerId, update.Number));
        Assert.Equal("Sunny in Oslo.", result.Text);
        Assert.Equal(ErrorCode.CommandRefused, refused.Code);
    }

    [Fact]
    public async Task Example_InTheReadme_IsThisOne()
    {
        string readme = await File.ReadAllTextAsync(ProtocolFolder.PathOf("src/RelayServer.Client/README.md"), TestContext.Current.CancellationToken);
        string code = await File.ReadAllTextAsync(
            ProtocolFolder.PathOf("tests/integration/Client/Examples/WeatherService.cs"), TestContext.Current.CancellationToken);

        Assert.Contains("```csharp\n" + code + "```", readme, StringComparison.Ordinal);
    }
}
