using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresProviderTests(PostgresServer server) : ProviderContract(new PostgresHost(server));
