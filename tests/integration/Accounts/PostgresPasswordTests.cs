using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class PostgresPasswordTests(PostgresServer server) : PasswordContract(new PostgresHost(server));
