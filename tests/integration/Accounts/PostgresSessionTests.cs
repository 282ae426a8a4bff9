using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresSessionTests(PostgresServer server) : SessionContract(new PostgresHost(server));
