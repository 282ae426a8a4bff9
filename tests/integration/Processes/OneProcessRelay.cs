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
    private readonly string _keyFile;
    private RelayProcess? _process;
    private TokenMinter? _minter;

    private OneProcessRelay() => _keyFile = _folder.File("key");

    public static async Task<OneProcessRelay> StartAsync()
    {
        var relay = new OneProcessRelay();
        await using (RelayProcess create = RelayProcess.Start("key", "create", relay._keyFile))
        {
            Assert.True(await create.WaitForExitAsync() == 0, create.Printed);
        }

        var defaults = new TokensOptions();
        relay._minter = new TokenMinter(new TrustedKey(defaults.Issuer, SigningKeyFile.Read(relay._keyFile)), defaults.Audience, TimeProvider.System);
        await relay.StartProcessAsync();
        return relay;
    }

    public IPEndPoint Edge(int edge) => new(IPAddress.Loopback, _ports[edge]);

    public string Token(string user, TokenRole role) => _minter!.Mint(user, TimeSpan.FromHours(1), role);

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
        _process = RelayProcess.Start(["--data", _folder.File("data"), "--http", "127.0.0.1:0", "--key-file", _keyFile, .. listen]);
        await _process.WaitForAsync("Stop with");
    }
}
