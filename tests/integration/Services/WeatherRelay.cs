using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Master;

namespace RelayServer.IntegrationTests.Services;

/// <summary>A relay with a service that tells of the weather, whose answers the test gives.</summary>
internal sealed class WeatherRelay : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What the service can do: each verb is there for a way to be answered.</summary>
    public static readonly ServiceDefinition Definition = new()
    {
        Name = "weather",
        Title = "Weather",
        Description = "What the weather is like.",
        Verbs =
        [
            new ServiceVerb { Name = "now", Summary = "Says what it is like", Parameters = [new ServiceParameter { Name = "place", Summary = "a town" }] },
            new ServiceVerb
            {
                Name = "tell",
                Summary = "Tells the room",
                Parameters = [new ServiceParameter { Name = "text", Kind = ServiceParameterKind.Rest }],
                AnswersRoom = true,
            },
            new ServiceVerb { Name = "soon", Summary = "Answers within a second", DeadlineMilliseconds = 1000 },
            new ServiceVerb
            {
                Name = "rate",
                Summary = "Rates a report",
                Parameters = [new ServiceParameter { Name = "points", Kind = ServiceParameterKind.Number }],
                NeedsItem = true,
            },
        ],
        Topics =
        [
            new ServiceTopic { Name = "storms", Title = "Storms", Subjects = [new ServiceSubject("north", "The north"), new ServiceSubject("south", "The south")] },
            new ServiceTopic { Name = "towns", Title = "Towns", IsOpen = true },
        ],
        Texts = [new ServiceText("de", "title", "Wetter")],
    };

    private readonly List<IAsyncDisposable> _parts = [];
    private readonly TemporaryFolder _folder = new();
    private Func<Task<IFabric>> _openFabric = null!;
    private IFabric _fabric = null!;
    private TestRelay _relay = null!;

    public IPEndPoint A => _relay.A;

    public IPEndPoint B => _relay.B;

    public TestRelay Relay => _relay;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>On the embedded fabric, or on one that is opened anew at each start.</summary>
    public static async Task<WeatherRelay> StartAsync(Func<Task<IFabric>>? openFabric = null)
    {
        var relay = new WeatherRelay();
        relay._openFabric = openFabric ?? relay.OpenEmbeddedAsync;
        await relay.StartRelayAsync(edge => edge.ResendMilliseconds = 200);
        return relay;
    }

    /// <summary>Ends the relay, and starts it again on the same ports and the same store.</summary>
    public async Task RestartAsync()
    {
        (int a, int b) = (A.Port, B.Port);
        await _relay.DisposeAsync();
        await StartRelayAsync(edge => edge.Listen = $"127.0.0.1:{(edge.Name == "edge-a" ? a : b)}");
    }

    /// <summary>Another master takes over.</summary>
    public async Task ReplaceMasterAsync()
    {
        await _relay.Master.StopAsync(Cancel);
        var master = new MasterServer(new MasterOptions(), _fabric, TimeProvider.System, NullLoggerFactory.Instance);
        _parts.Add(master);
        await master.StartAsync(Cancel);
        await Eventually.TrueAsync(() => master.NotReadyReason is null, Patience, () => $"not ready: {master.NotReadyReason}");
    }

    public Task<RelayService> ServeAsync(Func<ServiceCommand, ServiceResult> handler, IPEndPoint? edge = null, ulong? producerId = null) =>
        ServeAsync((command, _) => ValueTask.FromResult(handler(command)), edge, producerId);

    public async Task<RelayService> ServeAsync(
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler, IPEndPoint? edge = null, ulong? producerId = null)
    {
        RelayService service = await RelayService.StartAsync(
            Options("speaker:weather", edge ?? B) with { ProducerId = producerId }, Definition, handler, Cancel);
        _parts.Add(service);
        return service;
    }

    public Task<RelayClient> ConnectAsync(string user, params IPEndPoint[] edges) => ConnectWithAsync(Options("user:" + user, edges));

    public async Task<RelayClient> ConnectWithAsync(RelayClientOptions options)
    {
        var client = new RelayClient(options);
        _parts.Add(client);
        await client.ConnectAsync(Cancel);
        return client;
    }

    public RelayClientOptions Options(string token, params IPEndPoint[] edges) => new()
    {
        Endpoints = [.. (edges.Length > 0 ? edges : [A]).Select(edge => new RelayEndpoint(edge.Address.ToString(), edge.Port))],
        TokenProvider = _ => ValueTask.FromResult(token),
        ShuffleEndpoints = false,
        ReconnectBackoffMin = TimeSpan.FromMilliseconds(20),
        ReconnectBackoffMax = TimeSpan.FromMilliseconds(200),
    };

    public static ServiceCard Card(string item, string text = "") => new() { Item = item, Title = "Report " + item, Text = text };

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in _parts)
        {
            await part.DisposeAsync();
        }

        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<IFabric> OpenEmbeddedAsync() => await EmbeddedFabric.OpenAsync(
        new EmbeddedFabricOptions { DataFolder = _folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);

    private async Task StartRelayAsync(Action<EdgeOptions> edge)
    {
        _fabric = await _openFabric();
        _relay = await TestRelay.StartAsync(_fabric, edge: edge);
    }
}
