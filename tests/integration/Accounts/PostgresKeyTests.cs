using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresKeyTests(PostgresServer server) : KeyContract(new PostgresHost(server));
