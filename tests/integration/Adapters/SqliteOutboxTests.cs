using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqliteOutboxTests() : OutboxContract(new SqliteHost());
