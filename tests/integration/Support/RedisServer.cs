using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// A private redis-server on a free loopback port, with its files in a folder of its own and no persistence unless
/// asked for. As a class fixture, or started by a test. Skips or fails the test that uses it where Redis is not installed.
/// </summary>
public sealed class RedisServer : IAsyncLifetime
{
    public const string Program = "redis-server";

    private const int StartAttemptsMax = 5;
    private const string ReadyText = "Ready to accept connections";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string[] _settings;
    private TemporaryFolder? _folder;
    private Process? _process;

    /// <summary>A server without settings of its own.</summary>
    public RedisServer()
        : this([])
    {
    }

    /// <summary>A server with settings as in redis.conf, given as <c>--name value</c>.</summary>
    private RedisServer(string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <summary>As <c>host:port</c>.</summary>
    public string Endpoint
    {
        get
        {
            RequiredProgram.Find(Program);
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");
        }
    }

    public int ProcessId => _process!.Id;

    /// <summary>Starts a server with settings as in redis.conf, for example <c>"--appendonly", "yes"</c>.</summary>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        RequiredProgram.Find(Program);
        var server = new RedisServer(settings);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>A port that nothing listened on a moment ago.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask InitializeAsync()
    {
        if (!RequiredProgram.IsThere(Program))
        {
            return;
        }

        _folder = new();
        for (int attempt = 1; ; attempt++)
        {
            // Another program may take the port before Redis does.
            Port = FindFreePort();
            if (await TryRunAsync())
            {
                return;
            }

            Assert.True(attempt < StartAttemptsMax, "redis-server does not start");
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, on the same port and with the same files.</summary>
    public async Task StartAgainAsync() => Assert.True(await TryRunAsync(), "redis-server does not start again");

    /// <summary>Ends it as an operator does: it says goodbye to its clients.</summary>
    public async Task StopAsync()
    {
        Process process = _process!;
        _process = null;
        await RunAsync("kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
        process.Dispose();
    }

    /// <summary>Kills it, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Stops the process without ending it: connections stay open and nothing answers.</summary>
    public Task PauseAsync() => RunAsync("kill", "-STOP", ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Goes on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => RunAsync("kill", "-CONT", ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Runs a command with redis-cli and returns what it prints.</summary>
    public Task<string> CommandAsync(params string[] arguments) =>
        RunAsync("redis-cli", ["-p", Port.ToString(CultureInfo.InvariantCulture), .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder?.Dispose();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(RequiredProgram.Find(program), arguments) { RedirectStandardOutput = true })!;
        using var timeout = new CancellationTokenSource(Patience);
        string output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return output.TrimEnd();
    }

    private async Task<bool> TryRunAsync()
    {
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder!.Path, "--save", "", .. _settings,
        ];
        var process = new Process
        {
            StartInfo = new(RequiredProgram.Find(Program), arguments) { RedirectStandardOutput = true },
            EnableRaisingEvents = true,
        };
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(ReadyText, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(true);
            }
        };
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        _process = process;
        if (await ready.Task.WaitAsync(Patience))
        {
            return true;
        }

        await KillAsync();
        return false;
    }
}
