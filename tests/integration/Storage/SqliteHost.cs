using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

internal sealed class SqliteHost : IDatabaseHost
{
    private readonly TemporaryFolder _folder = new();

    public DatabaseEngine Engine => DatabaseEngine.Sqlite;

    public Task<DatabaseOptions> OptionsAsync() => Task.FromResult(new DatabaseOptions { File = _folder.File("test.db") });

    public Task DisconnectAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
