using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisSlotsTests(RedisServer server) : SlotsContract(new RedisHost(server)), IClassFixture<RedisServer>;
