using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisBusTests(RedisServer server) : BusContract(new RedisHost(server)), IClassFixture<RedisServer>;
