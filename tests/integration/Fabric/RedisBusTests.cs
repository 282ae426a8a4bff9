namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisBusTests(LimitedRedis redis) : BusContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
