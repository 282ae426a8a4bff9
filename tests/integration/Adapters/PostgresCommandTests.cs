using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresCommandTests(PostgresServer server) : CommandContract(new PostgresHost(server));
