using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresTallyTests(PostgresServer server) : TallyContract(new PostgresHost(server));
