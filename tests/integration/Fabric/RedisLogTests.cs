using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisLogTests(RedisServer server) : LogContract(new RedisHost(server)), IClassFixture<RedisServer>;
