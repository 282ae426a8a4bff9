using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresConsentTests(PostgresServer server) : ConsentContract(new PostgresHost(server));
