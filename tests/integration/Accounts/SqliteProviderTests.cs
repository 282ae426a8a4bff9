using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqliteProviderTests() : ProviderContract(new SqliteHost());
