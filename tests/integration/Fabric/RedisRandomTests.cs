namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisRandomTests(LimitedRedis redis) : RandomContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
