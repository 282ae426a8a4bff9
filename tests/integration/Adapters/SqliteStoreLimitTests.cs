using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqliteStoreLimitTests() : StoreLimitContract(new SqliteHost());
