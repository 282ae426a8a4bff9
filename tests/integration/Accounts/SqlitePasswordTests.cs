using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqlitePasswordTests() : PasswordContract(new SqliteHost());
