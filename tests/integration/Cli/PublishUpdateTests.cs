using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Cli;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Adapters;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Cli;

/// <summary><c>relay publish-update</c> where nothing runs, or not what it would need.</summary>
public sealed class PublishUpdateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Store => _folder.File("adapters.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Publish_NoStore_SaysWhereItWasLookedForAndMakesNone()
    {
        Assert.Equal(ExitCode.Failed, await PublishAsync());

        Assert.Contains($"there is no store {Store}: no process has run services with these settings", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Store));
    }

    [Fact]
    public async Task Publish_ServiceThatNobodyHasRun_SaysSo()
    {
        await RunServiceAsync("music");

        Assert.Equal(ExitCode.Failed, await PublishAsync());
        Assert.Contains("no process has run news on this store", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_NoProcessRuns_KeepsItAndSaysThatItWaits()
    {
        await RunServiceAsync("news");

        Assert.Equal(ExitCode.Failed, await PublishAsync("--wait", "1"));
        Assert.Matches("relay: [0-9a-f]{32} is kept, but was not sent within 1 ?s: no process that runs news on this store has taken it", _error.ToString());
        Assert.Empty(_output.ToString());

        Assert.Equal(ExitCode.Done, await PublishAsync("--item", "17", "--wait", "0", "--json"));
        Assert.Matches("^{\"service\":\"news\",\"item\":\"[0-9a-f]{32}\",\"target\":\"topic:news.headlines\",\"state\":\"kept\"}\n$", _output.ToString());
        Assert.Equal(ExitCode.Done, await PublishAsync("--item", "17"));
        Assert.EndsWith("was there before; nothing is sent\n", _output.ToString(), StringComparison.Ordinal);

        // Whoever runs the service then sends both.
        var relay = new RecordedUpdates();
        await using (SubscriptionsServer server = await StartAsync("news", relay))
        {
            await relay.ArriveAsync(2);
        }

        Assert.Equal(["Ferry is late", "Ferry is late"], relay.Titles);
    }

    [Fact]
    public async Task Publish_RoomThatRefuses_SaysWhyWithoutControlCharacters()
    {
        var relay = new RecordedUpdates { Before = (_, _) => throw new RelayServer.Adapters.UpdateRefusedException("not \u001b[2J here") };
        await using SubscriptionsServer server = await StartAsync("news", relay);

        Assert.Equal(ClientExitCode.Refused, await PublishAsync("--room", "lobby"));
        Assert.Contains("for lobby, and it was dropped: not \ufffd[2J here", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no service \"nws\" in these settings, but: news, music, social", "nws")]
    [InlineData("news has no topic \"gossip\"; it has: headlines, weather", "news", "--topic", "gossip")]
    [InlineData("the topic weather has no subject \"sun\"; it has: warning, forecast", "news", "--topic", "weather", "--subject", "sun")]
    [InlineData("--room goes without --topic and --subject", "news", "--topic", "headlines", "--room", "lobby")]
    [InlineData("--room goes without --topic and --subject", "news", "--subject", "sport", "--room", "lobby")]
    [InlineData("--room: 'a b' cannot name a room", "news", "--room", "a b")]
    [InlineData("link must be an http or https address", "news", "--link", "javascript:alert(1)")]
    [InlineData("--item: 1 to 256 characters", "news", "--item", "")]
    [InlineData("--wait: 0 to 3600", "news", "--wait", "-1")]
    [InlineData("--wait: 0 to 3600", "news", "--wait", "3601")]
    public async Task Publish_WrongUsage_SaysWhatIsMeant(string sentence, params string[] arguments)
    {
        await RunServiceAsync("news");

        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));
        Assert.Contains(sentence, _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> PublishAsync(params string[] arguments) => RunAsync(["news", .. arguments]);

    private Task<int> RunAsync(string[] arguments) =>
        RelayCommandLine.RunAsync(["publish-update", .. arguments, "--title", "Ferry is late", "--data", _folder.Path], _output, _error, Cancel);

    // Once, for a moment: so that the store knows it.
    private async Task RunServiceAsync(string name) => await (await StartAsync(name, new RecordedUpdates())).DisposeAsync();

    private async Task<SubscriptionsServer> StartAsync(string name, RecordedUpdates relay)
    {
        SubscriptionsOptions service = SampleServices.Create().Single(service => service.Name == name);
        service.Feeds = [];
        var options = new AdaptersOptions { Storage = new DatabaseOptions { File = Store }, Subscriptions = [service] };
        var server = new SubscriptionsServer(options, (_, _) => Task.FromResult<RelayServer.Adapters.IServiceConnection>(relay), TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(Cancel);
        return server;
    }
}
