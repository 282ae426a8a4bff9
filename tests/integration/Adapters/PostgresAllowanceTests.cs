using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresAllowanceTests(PostgresServer server) : AllowanceContract(new PostgresHost(server));
