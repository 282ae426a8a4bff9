using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresPhoneTests(PostgresServer server) : PhoneContract(new PostgresHost(server));
