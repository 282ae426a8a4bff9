using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

public sealed class SqlitePublisherTests() : PublisherContract(new SqliteHost());
