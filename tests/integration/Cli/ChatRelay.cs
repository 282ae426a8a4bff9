using RelayServer.Cli;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>A relay process with two edges for all the tests of a class, and chats in its rooms.</summary>
public sealed class ChatRelay : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RelayProcess? _relay;
    private string _edge = string.Empty;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _relay = RelayProcess.Start("--data", _folder.Path, "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        _edge = await _relay.WaitForAsync(@"edge 1\s+(\S+)");
        OtherEdge = await _relay.WaitForAsync(@"edge 2\s+(\S+)");
        await _relay.WaitForAsync("Stop with");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _relay!.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Where the edge listens that <see cref="ConnectArguments"/> do not name.</summary>
    internal string OtherEdge { get; private set; } = string.Empty;

    /// <summary>The arguments of a chat of a user in a room.</summary>
    internal string[] Arguments(string room, string user) => ["chat", room, "--user", user, .. ConnectArguments];

    /// <summary>The same at the other edge.</summary>
    internal string[] OtherArguments(string room, string user) => ["chat", room, "--user", user, "--data", _folder.Path, "--edge", OtherEdge];

    /// <summary>The arguments by which a command finds the relay.</summary>
    internal string[] ConnectArguments => [.. DataArguments, "--edge", _edge];

    /// <summary>The arguments by which a command finds the relay's data.</summary>
    internal string[] DataArguments => ["--data", _folder.Path];

    /// <summary>Waits until the services that come with the relay are there.</summary>
    internal async Task UntilServedAsync()
    {
        string list;
        do
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            int exitCode = await RelayCommandLine.RunAsync(
                ["service", "list", "--user", "alice", .. ConnectArguments], output, error, TestContext.Current.CancellationToken);
            Assert.True(exitCode == 0, error.ToString());
            list = output.ToString();
        }
        while (new[] { "/music:", "/news:", "/social:" }.Any(name => !list.Contains(name, StringComparison.Ordinal)) || list.Contains("(away)", StringComparison.Ordinal));
    }

    /// <summary>Publishes lines as a user, and returns when they are acked.</summary>
    internal async Task PublishAsync(string room, string user, params string[] lines)
    {
        await using RelayProcess chat = RelayProcess.Start([.. Arguments(room, user), "--quiet"]);
        await chat.Input.WriteAsync(string.Concat(lines.Select(line => line + "\n")));
        chat.Input.Close();
        Assert.True(await chat.WaitForExitAsync() == 0, chat.Printed);
    }
}
