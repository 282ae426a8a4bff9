using System.CommandLine;
using System.Net;
using RelayServer.Bench.Targets;

namespace RelayServer.Bench.Commands;

/// <summary>The options that say which relay is measured, shared by the scenarios that need one.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string[]> _server = new("--server")
    {
        Description = "Use a relay that is running, at host:port, instead of starting one; once per edge. Needs --token-file.",
    };

    private readonly Option<FileInfo?> _tokenFile = OptionRules.File("--token-file", "Tokens for --server, one a line; connections take turns.");

    private readonly Option<int[]> _serverPid = new("--server-pid")
    {
        Description = "Process of --server whose CPU and memory to report; may be repeated.",
    };

    private readonly Option<Uri[]> _metrics = new("--metrics") { Description = "Metrics address of --server; may be repeated." };

    private readonly Option<bool> _redis = OptionRules.Switch("--redis", "Start Redis, a master and two edges as processes, instead of one process.");

    private readonly Option<string[]> _settings = new("--set")
    {
        Description = "A setting for the relay that is started, as KEY=VALUE, such as Edge:FanoutThreads=2; may be repeated.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_server);
        command.Add(_tokenFile);
        command.Add(_serverPid);
        command.Add(_metrics);
        command.Add(_redis);
        command.Add(_settings);
    }

    /// <summary>Takes or starts the relay that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="users">How many users the connections are to be of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ITarget> OpenAsync(ParseResult parsed, int users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        string[] servers = parsed.GetValue(_server) ?? [];
        if (servers.Length == 0)
        {
            string[] settings = parsed.GetValue(_settings) ?? [];
            return parsed.GetValue(_redis)
                ? await RedisTarget.StartAsync(users, settings, cancellationToken)
                : await LocalTarget.StartAsync(users, settings, cancellationToken);
        }

        FileInfo tokens = parsed.GetValue(_tokenFile) ?? throw new BenchException("--server needs --token-file.");
        return new ExternalTarget(
            [.. servers.Select(ParseEndPoint)],
            ExternalTarget.ReadTokens(tokens),
            parsed.GetValue(_serverPid) ?? [],
            parsed.GetValue(_metrics) ?? []);
    }

    private static IPEndPoint ParseEndPoint(string text)
    {
        string numeric = text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
        return IPEndPoint.TryParse(numeric, out IPEndPoint? endPoint) && endPoint.Port > 0
            ? endPoint
            : throw new BenchException($"--server {text} is not an address and port such as 127.0.0.1:7400.");
    }
}
