namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisLogTests(LimitedRedis redis) : LogContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
