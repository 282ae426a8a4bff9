namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisTrimTests(LimitedRedis redis) : TrimContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
