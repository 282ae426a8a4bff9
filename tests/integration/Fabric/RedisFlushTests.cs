using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisFlushTests(RedisServer server) : FlushContract(new RedisHost(server)), IClassFixture<RedisServer>;
