using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class PostgresPublisherTests(PostgresServer server) : PublisherContract(new PostgresHost(server));
