using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RelayServer.Identity;

namespace RelayServer.Bench.Targets;

/// <summary>The relay as it is scaled: a Redis, a master and two edges, each a process of its own.</summary>
internal sealed class RedisTarget : ITarget
{
    private const int EdgeCount = 2;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relay-bench-");
    private readonly List<ChildProcess> _processes = [];
    private readonly List<IPEndPoint> _edges = [];
    private readonly List<Uri> _metrics = [];

    private RedisTarget()
    {
    }

    /// <inheritdoc />
    public string Description => "a master and two edges on Redis, which keeps its data in memory only";

    /// <inheritdoc />
    public IReadOnlyList<IPEndPoint> Edges => _edges;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Tokens { get; private set; } = [];

    /// <inheritdoc />
    public string? OperatorToken { get; private set; }

    /// <inheritdoc />
    public IReadOnlyList<TargetProcess> Processes => [.. _processes.Select(process => process.Target)];

    /// <inheritdoc />
    public IReadOnlyList<Uri> Metrics => _metrics;

    /// <inheritdoc />
    public IEnumerable<string> Problems => _processes.SelectMany(process => process.Errors);

    /// <summary>Starts all of it.</summary>
    /// <param name="users">How many users connections are of.</param>
    /// <param name="settings">Settings for master and edges, as KEY=VALUE.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RedisTarget> StartAsync(int users, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var target = new RedisTarget();
        try
        {
            string redis = await target.StartRedisAsync(cancellationToken);
            string keyFile = Path.Combine(target._folder.FullName, "key");
            SigningKeyFile.Write(keyFile, SigningKey.CreateHs256("bench"));
            target.Tokens = RelayProgram.MintTokens(keyFile, users);
            target.OperatorToken = RelayProgram.MintOperatorToken(keyFile);
            await target.StartRelayAsync("master", ["master", "--redis", redis], settings, cancellationToken);
            for (int i = 1; i <= EdgeCount; i++)
            {
                await target.StartRelayAsync(
                    $"edge {i}",
                    ["edge", "--redis", redis, "--key-file", keyFile, "--listen", RelayProgram.AnyPort],
                    settings,
                    cancellationToken);
            }

            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Edges first, Redis last: nobody is to miss whom it still talks to.
        for (int i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<string> StartRedisAsync(CancellationToken cancellationToken)
    {
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        ChildProcess redis;
        try
        {
            redis = ChildProcess.Start(
                "redis",
                "redis-server",
                ["--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", _folder.FullName]);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new BenchException("--redis needs the program redis-server on the PATH.", error);
        }

        _processes.Add(redis);
        await redis.ReadOutputUntilAsync(
            line => line.Contains("eady to accept connections", StringComparison.Ordinal), StartTimeout, cancellationToken);
        return $"127.0.0.1:{port}";
    }

    private async Task StartRelayAsync(
        string name, IEnumerable<string> arguments, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        (ChildProcess process, IReadOnlyList<string> screen) = await RelayProgram.StartAsync(
            name, [.. arguments, "--http", RelayProgram.AnyPort], settings, cancellationToken);
        _processes.Add(process);
        _edges.AddRange(RelayProgram.EdgesOf(screen));
        _metrics.Add(RelayProgram.MetricsOf(screen));
    }

    // Redis takes no "any port".
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
