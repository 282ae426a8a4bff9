using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqliteLinkTests() : LinkContract(new SqliteHost());
