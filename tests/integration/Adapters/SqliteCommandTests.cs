using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqliteCommandTests() : CommandContract(new SqliteHost());
