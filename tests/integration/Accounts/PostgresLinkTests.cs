using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresLinkTests(PostgresServer server) : LinkContract(new PostgresHost(server));
