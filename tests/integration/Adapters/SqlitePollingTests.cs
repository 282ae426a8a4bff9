using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqlitePollingTests() : PollingContract(new SqliteHost());
