using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>A Redis whose default user has exactly the rights of <c>protocol/redis.acl</c>.</summary>
public sealed class LimitedRedis : IAsyncLifetime
{
    private const string Password = "a-long-password";
    private const string AdminPassword = "another-long-password";

    private RedisServer? _server;

    internal RedisServer Server
    {
        get
        {
            RequiredProgram.Find(RedisServer.Program);
            return _server!;
        }
    }

    internal RedisFabricOptions Options => new() { Endpoints = Server.Endpoint, Password = Password };

    public async ValueTask InitializeAsync()
    {
        if (!RequiredProgram.IsThere(RedisServer.Program))
        {
            return;
        }

        string line = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "redis.acl"));
        string[] words = line.TrimEnd().Replace("REPLACE-WITH-A-LONG-PASSWORD", Password, StringComparison.Ordinal).Split(' ');
        Assert.Equal("user", words[0]);
        _server = await RedisServer.StartAsync(
        [
            "--user", .. words[1..], "--user", "admin", "on", ">" + AdminPassword, "allkeys", "allchannels", "+@all",
            "--masteruser", "admin", "--masterauth", AdminPassword, "--repl-diskless-sync-delay", "0",
        ]);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    internal Task<string> AdminCommandAsync(params string[] arguments) =>
        Server.CommandAsync(["--user", "admin", "--pass", AdminPassword, "--no-auth-warning", .. arguments]);

    internal static async Task<RedisFabric> ConnectAsync(RedisFabricOptions options, ILoggerFactory? loggers = null) =>
        await RedisFabric.ConnectAsync(options, loggers ?? NullLoggerFactory.Instance, CancellationToken.None);
}
