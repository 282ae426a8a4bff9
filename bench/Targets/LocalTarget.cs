using System.Net;

namespace RelayServer.Bench.Targets;

/// <summary>The relay as one process: a master, two edges and the embedded log, in a data folder that goes with it.</summary>
internal sealed class LocalTarget : ITarget
{
    private readonly ChildProcess _relay;
    private readonly DirectoryInfo _folder;

    private LocalTarget(ChildProcess relay, IReadOnlyList<string> screen, DirectoryInfo folder, int users)
    {
        _relay = relay;
        _folder = folder;
        Edges = RelayProgram.EdgesOf(screen);
        Metrics = [RelayProgram.MetricsOf(screen)];
        string keyFile = Path.Combine(folder.FullName, "signing-key");
        Tokens = RelayProgram.MintTokens(keyFile, users);
        OperatorToken = RelayProgram.MintOperatorToken(keyFile);
    }

    /// <inheritdoc />
    public string Description => "one process with two edges and the embedded log";

    /// <inheritdoc />
    public IReadOnlyList<IPEndPoint> Edges { get; }

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Tokens { get; }

    /// <inheritdoc />
    public string? OperatorToken { get; }

    /// <inheritdoc />
    public IReadOnlyList<TargetProcess> Processes => [_relay.Target];

    /// <inheritdoc />
    public IReadOnlyList<Uri> Metrics { get; }

    /// <inheritdoc />
    public IEnumerable<string> Problems => _relay.Errors;

    /// <summary>Starts it.</summary>
    /// <param name="users">How many users connections are of.</param>
    /// <param name="settings">Settings for the relay, as KEY=VALUE.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LocalTarget> StartAsync(int users, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("relay-bench-");
        try
        {
            (ChildProcess relay, IReadOnlyList<string> screen) = await RelayProgram.StartAsync(
                "relay",
                ["--data", folder.FullName, "--listen", RelayProgram.AnyPort, "--listen", RelayProgram.AnyPort, "--http", RelayProgram.AnyPort, "--set", "Local:SampleServices=false"],
                settings,
                cancellationToken);
            return new LocalTarget(relay, screen, folder, users);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
