using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqliteKeyTests() : KeyContract(new SqliteHost());
