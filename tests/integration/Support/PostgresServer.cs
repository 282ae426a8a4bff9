using System.Diagnostics;
using System.Globalization;
using Npgsql;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// A private PostgreSQL for the whole run, reached over a socket in a folder of its own, without durability. It starts when the first test
/// asks for it. Skips or fails the test that asks where PostgreSQL is not installed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Program = "postgres";

    private const string Superuser = "relay";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1);
    private TemporaryFolder? _folder;
    private Process? _process;

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        RequiredProgram.Find(Program);
        await EnsureStartedAsync();
        string name = $"test_{Guid.NewGuid():N}";
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionTo("postgres"));
        await using NpgsqlCommand command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    /// <summary>Options for an empty database.</summary>
    public async Task<DatabaseOptions> CreateOptionsAsync() => new() { Connection = await CreateDatabaseAsync() };

    /// <summary>Ends all connections to a database, as a restart of the server does.</summary>
    public async Task DisconnectAsync(string connection)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionTo("postgres"));
        await using NpgsqlCommand command = source.CreateCommand(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new NpgsqlConnectionStringBuilder(connection).Database}'");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            // As another user it cannot be killed by its handle; SIGQUIT ends it and its children at once.
            await RunAsync("kill", "-QUIT", process.Id.ToString(CultureInfo.InvariantCulture));
            using var timeout = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(timeout.Token);
            process.Dispose();
        }

        _folder?.Dispose();
        _starting.Dispose();
    }

    // PostgreSQL refuses to run as root.
    private static (string Program, string[] Arguments) AsUser(string program, string[] arguments)
    {
        string path = RequiredProgram.Find(program);
        return Environment.IsPrivilegedProcess
            ? (RequiredProgram.Find("setpriv"), ["--reuid=nobody", "--regid=nogroup", "--clear-groups", path, .. arguments])
            : (path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var timeout = new CancellationTokenSource(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        string error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await output;
        await process.WaitForExitAsync(timeout.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }

    private async Task EnsureStartedAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_process is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartAsync()
    {
        _folder = new();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "nobody", _folder.Path);
        }

        string data = _folder.File("data");
        (string program, string[] arguments) = AsUser(
            "initdb", ["--pgdata", data, "--username", Superuser, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
        await RunAsync(program, arguments);
        (program, arguments) = AsUser(
            Program,
            [
                "-D", data, "-k", _folder.Path, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                "-c", "max_connections=200", "-c", "shared_buffers=16MB",
            ]);
        var process = new Process
        {
            StartInfo = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true },
            EnableRaisingEvents = true,
        };
        var ready = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(null);
            }

            said.AppendLine(line.Data);
        };
        process.Exited += (_, _) => ready.TrySetResult("it has ended");
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _process = process;
        Assert.True(await ready.Task.WaitAsync(Patience) is null, $"postgres does not start: {said}");
    }

    private string ConnectionTo(string database) => $"Host={_folder!.Path};Username={Superuser};Database={database};Pooling=true";
}
