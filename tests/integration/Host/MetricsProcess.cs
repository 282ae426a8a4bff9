using RelayServer.IntegrationTests.Processes;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>
/// A relay in a process of its own: meters belong to the process, and other tests of this one have edges and masters, too.
/// Without the samples, whose traffic comes when it comes.
/// </summary>
public sealed class MetricsProcess : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private RelayProcess? _relay;

    /// <summary>Its HTTP listener, as <c>host:port</c>.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Where its first edge listens.</summary>
    public string FirstEdge { get; private set; } = string.Empty;

    /// <summary>Where its second edge listens.</summary>
    public string SecondEdge { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        _relay = RelayProcess.Start(
            "--data", _folder.File("data"), "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0",
            "--set", "Local:SampleServices=false");
        FirstEdge = await _relay.WaitForAsync(@"edge 1\s+(\S+)");
        SecondEdge = await _relay.WaitForAsync(@"edge 2\s+(\S+)");
        Address = await _relay.WaitForAsync(@"http +http://([^/]+)/");
    }

    /// <summary>The page for Prometheus.</summary>
    public Task<string> ReadAsync() => _http.GetStringAsync(new Uri($"http://{Address}/metrics"), TestContext.Current.CancellationToken);

    /// <summary>The token that it wrote for its user.</summary>
    public async Task<string> ReadTokenAsync() =>
        (await File.ReadAllTextAsync(DataFolder.TokenFileIn(_folder.File("data")), TestContext.Current.CancellationToken)).Trim();

    public async ValueTask DisposeAsync()
    {
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }
}
