using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

internal sealed class PostgresHost(PostgresServer server) : IDatabaseHost
{
    private string? _connection;

    public DatabaseEngine Engine => DatabaseEngine.PostgreSql;

    public async Task<DatabaseOptions> OptionsAsync() => new() { Connection = _connection ??= await server.CreateDatabaseAsync() };

    public Task DisconnectAsync() => server.DisconnectAsync(_connection!);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
