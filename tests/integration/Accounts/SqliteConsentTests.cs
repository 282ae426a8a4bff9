using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqliteConsentTests() : ConsentContract(new SqliteHost());
