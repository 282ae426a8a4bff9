namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisSlotsTests(LimitedRedis redis) : SlotsContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
