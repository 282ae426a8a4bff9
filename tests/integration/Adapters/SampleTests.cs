using System.Collections.Concurrent;
using System.Net;
using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>The services that come with the program.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_Settings_AreGood()
    {
        Assert.Empty(new AdaptersOptions { Subscriptions = SampleServices.Create() }.FindProblems());
    }

    [Fact]
    public async Task Samples_RunTogether_EachSendsItsOwnUpdates()
    {
        ConcurrentDictionary<string, RecordedUpdates> relay = new();
        ConcurrentDictionary<string, ServiceDefinition> definitions = new();
        var options = new AdaptersOptions
        {
            Storage = new DatabaseOptions { File = _folder.File("adapters.db") },
            HooksListen = new IPEndPoint(IPAddress.Loopback, 0),
            Subscriptions = SampleServices.Create(),
        };
        foreach (SubscriptionsOptions service in options.Subscriptions)
        {
            relay[service.Name] = new RecordedUpdates();
        }

        var logs = new CapturedLogs();
        await using (var server = new SubscriptionsServer(
            options,
            (start, _) =>
            {
                definitions[start.Definition.Name] = start.Definition;
                return Task.FromResult<IServiceConnection>(relay[start.Definition.Name]);
            },
            TimeProvider.System,
            logs))
        {
            await server.StartAsync(TestContext.Current.CancellationToken);
            await relay["news"].ArriveAsync(5);
            await relay["music"].ArriveAsync(3);
            await relay["social"].ArriveAsync(3);
            Assert.Null(server.HooksEndpoint);
        }

        Assert.Equal(["jazz", "folk", "electronic", "classical"], definitions["music"].Topics[0].Subjects.Select(subject => subject.Name));
        Assert.Equal(["Static Garden: “Loops for Rain”", "Orla Finch: “Paper Boats”", "Low Tide Quartet: “Nine Lanterns”"], relay["music"].Titles);
        Assert.Equal(("topic:music.releases", "jazz"), (relay["music"][3].Target, Assert.Single(relay["music"][3].Subjects)));
        Assert.Equal(["posts", "lost and found"], relay["social"][1].Subjects);
        Assert.Equal(
            ("Who wants to sail on Sunday? Two places left in the boat.", ""), (relay["social"][3].Card.Title, relay["social"][3].Card.Text));
        Assert.Contains("New ferry starts on Monday", relay["news"].Titles);
        Assert.Contains("Wind from the west, then snow", relay["news"].Titles);
        Assert.DoesNotContain(logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
    }
}
