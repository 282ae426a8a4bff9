using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresPollingTests(PostgresServer server) : PollingContract(new PostgresHost(server));
