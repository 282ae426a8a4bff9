using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresOutboxTests(PostgresServer server) : OutboxContract(new PostgresHost(server));
