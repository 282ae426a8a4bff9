using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqliteSessionTests() : SessionContract(new SqliteHost());
