namespace RelayServer.IntegrationTests.Fabric;

public sealed class RedisRecordTests(LimitedRedis redis) : RecordContract(new RedisHost(redis)), IClassFixture<LimitedRedis>;
