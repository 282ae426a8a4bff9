namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisFlushTests(LimitedRedis redis) : FlushContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
