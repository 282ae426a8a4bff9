using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

public sealed class SqlitePhoneTests() : PhoneContract(new SqliteHost());
