using System.Globalization;
using System.Net;
using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Support;
using RelayServer.Options;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A master and three edges with names of their own, each a process that can be killed and started again, against one Redis.</summary>
internal sealed class ThreeEdges : IRestartableRelay
{
    public static readonly string[] Names = ["east", "west", "north"];

    private readonly TemporaryFolder _folder = new();
    private readonly RelayProcess[] _edges = new RelayProcess[Names.Length];
    private readonly int[] _ports = [.. Names.Select(_ => RedisServer.FindFreePort())];
    private readonly RedisServer _redis;
    private readonly string _keyFile;
    private RelayProcess? _master;
    private TokenMinter? _minter;

    private ThreeEdges(RedisServer redis)
    {
        _redis = redis;
        _keyFile = _folder.File("key");
    }

    public string Redis => _redis.Endpoint;

    public static async Task<ThreeEdges> StartAsync()
    {
        var relay = new ThreeEdges(await RedisServer.StartAsync());
        try
        {
            await relay.StartAllAsync();
            return relay;
        }
        catch
        {
            // Nobody else would end what has started.
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>All edges, this one first.</summary>
    public RelayEndpoint[] EndpointsFrom(int edge) =>
        [.. Enumerable.Range(edge, Names.Length).Select(index => new RelayEndpoint("127.0.0.1", _ports[index % Names.Length]))];

    public IPEndPoint Edge(int edge) => new(IPAddress.Loopback, _ports[edge]);

    public string NameOf(RelayEndpoint endpoint) => Names[Array.IndexOf(_ports, endpoint.Port)];

    public string Token(string user, TokenRole role) => _minter!.Mint(user, TimeSpan.FromHours(1), role);

    /// <summary>kill -9, and another one in its place.</summary>
    public async Task ReplaceMasterAsync()
    {
        await _master!.KillAsync();
        await _master.DisposeAsync();
        StartMaster();
    }

    /// <summary>kill -9, and another one of that name and address in its place.</summary>
    public async Task ReplaceEdgeAsync(int edge)
    {
        await _edges[edge].KillAsync();
        await _edges[edge].DisposeAsync();
        await StartEdgeAsync(edge);
    }

    /// <summary>kill -9, and none in its place.</summary>
    public Task KillEdgeAsync(int edge) => _edges[edge].KillAsync();

    public async Task RestartAsync()
    {
        foreach (RelayProcess process in _edges.Append(_master!))
        {
            await process.KillAsync();
            await process.DisposeAsync();
        }

        StartMaster();
        await Task.WhenAll(Enumerable.Range(0, Names.Length).Select(StartEdgeAsync));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RelayProcess process in _edges.Append(_master).OfType<RelayProcess>())
        {
            await process.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        await using (RelayProcess create = RelayProcess.Start("key", "create", _keyFile))
        {
            Assert.True(await create.WaitForExitAsync() == 0, create.Printed);
        }

        var defaults = new TokensOptions();
        _minter = new TokenMinter(new TrustedKey(defaults.Issuer, SigningKeyFile.Read(_keyFile)), defaults.Audience, TimeProvider.System);
        StartMaster();
        await Task.WhenAll(Enumerable.Range(0, Names.Length).Select(StartEdgeAsync));
    }

    private void StartMaster() => _master = RelayProcess.Start("master", "--redis", Redis, "--http", "127.0.0.1:0");

    private async Task StartEdgeAsync(int edge)
    {
        _edges[edge] = RelayProcess.Start(
            "edge", "--redis", Redis, "--http", "127.0.0.1:0", "--key-file", _keyFile, "--set", $"Edge:Name={Names[edge]}",
            "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[edge]}"));
        await _edges[edge].WaitForAsync(@"listens on (\S+?)\.?$");
    }
}
