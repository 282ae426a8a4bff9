using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A master and two edges as processes of their own, against one Redis.</summary>
internal sealed class ScaledRelay : IAsyncDisposable
{
    private readonly RelayProcess[] _processes;

    private ScaledRelay(RelayProcess[] processes, string first, string second, string tokenFile)
    {
        _processes = processes;
        FirstEdge = first;
        SecondEdge = second;
        TokenFile = tokenFile;
    }

    public string FirstEdge { get; }

    public string SecondEdge { get; }

    public string TokenFile { get; }

    public RelayProcess Master => _processes[0];

    public static async Task<ScaledRelay> StartAsync(string redis, TemporaryFolder folder)
    {
        string key = folder.File("key");
        await using (RelayProcess create = RelayProcess.Start("key", "create", key))
        {
            Assert.True(await create.WaitForExitAsync() == 0, create.Printed);
        }

        string tokenFile = folder.File("token");
        await using (RelayProcess mint = RelayProcess.Start("token", "--user", "alice", "--key-file", key))
        {
            Assert.True(await mint.WaitForExitAsync() == 0, mint.Printed);
            await File.WriteAllTextAsync(tokenFile, mint.Printed, TestContext.Current.CancellationToken);
            File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        RelayProcess master = RelayProcess.Start("master", "--redis", redis, "--http", "127.0.0.1:0");
        string[] edge = ["edge", "--redis", redis, "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--key-file", key];
        RelayProcess first = RelayProcess.Start(edge);
        RelayProcess second = RelayProcess.Start(edge);
        const string Listens = @"listens on (\S+?)\.?$";
        return new ScaledRelay(
            [master, first, second], await first.WaitForAsync(Listens), await second.WaitForAsync(Listens), tokenFile);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RelayProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
