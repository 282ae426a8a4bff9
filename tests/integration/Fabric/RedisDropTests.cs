namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisDropTests(LimitedRedis redis) : DropContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
