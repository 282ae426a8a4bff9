using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresStoreLimitTests(PostgresServer server) : StoreLimitContract(new PostgresHost(server));
