using System.Globalization;
using System.Net;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Support;
using RelayServer.Options;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>Master, two edges and the store in one process, with its data in a folder.</summary>
internal sealed class OneProcessRelay : IRestartableRelay
{
    private const int Edges = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = [.. Enumerable.Range(0, Edges).Select(_ => RedisServer.FindFreePort())];
    private RelayProcess? _process;

    private OneProcessRelay()
    {
    }

    private string Data => _folder.File("data");

    public static async Task<OneProcessRelay> StartAsync()
    {
        var relay = new OneProcessRelay();
        await relay.StartProcessAsync();
        return relay;
    }

    public IPEndPoint Edge(int edge) => new(IPAddress.Loopback, _ports[edge]);

    /// <inheritdoc/>
    /// <remarks>Good until the next restart: each start has a key of its own.</remarks>
    public string Token(string user, TokenRole role)
    {
        var defaults = new TokensOptions();
        var key = new TrustedKey(defaults.Issuer, SigningKeyFile.Read(Path.Combine(Data, "signing-key")));
        return new TokenMinter(key, defaults.Audience, TimeProvider.System).Mint(user, TimeSpan.FromHours(1), role);
    }

    public async Task RestartAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        await StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartProcessAsync()
    {
        string[] listen = [.. _ports.SelectMany(port => (string[])["--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")])];
        _process = RelayProcess.Start(["--data", Data, "--http", "127.0.0.1:0", .. listen]);
        await _process.WaitForAsync("Stop with");
    }
}
