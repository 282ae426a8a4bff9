using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqliteAllowanceTests() : AllowanceContract(new SqliteHost());
