using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class FabricOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:6379", "127.0.0.1", 6379)]
    [InlineData("redis.example:1", "redis.example", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void ParseEndpoints_One_HostAndPort(string endpoints, string host, int port)
    {
        var options = new RedisFabricOptions { Endpoints = endpoints };
        options.Validate();
        RedisEndpoint endpoint = Assert.Single(options.ParseEndpoints());
        Assert.Equal(new RedisEndpoint(host, port), endpoint);
        Assert.Equal(endpoints, endpoint.ToString());
    }

    [Fact]
    public void ParseEndpoints_Several_AllInOrder()
    {
        var options = new RedisFabricOptions { Endpoints = "a:1, [::1]:2 ,a:3" };
        options.Validate();
        Assert.Equal([new("a", 1), new("::1", 2), new("a", 3)], options.ParseEndpoints());
    }

    [Theory]
    [InlineData("a:1,b", "'b'")]
    [InlineData("a:1;b:2", "'a:1;b:2'")]
    [InlineData("a:1,,b:2", "''")]
    [InlineData("a:1,b:2,a:1", "a:1 twice")]
    public void Validate_BadEndpoint_SaysWhichOfThem(string endpoints, string named)
    {
        FabricException error = Assert.Throws<FabricException>(new RedisFabricOptions { Endpoints = endpoints }.Validate);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":6379")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:6379,")]
    [InlineData("host:6379,other")]
    [InlineData("::1:6379")]
    [InlineData("[::1:6379")]
    [InlineData("[]:6379")]
    public void Validate_BadEndpoints_ThrowsNamingTheOption(string endpoints) =>
        AssertRefused(nameof(RedisFabricOptions.Endpoints), options => options.Endpoints = endpoints);

    [Fact]
    public void Validate_RedisOptionOutOfRange_ThrowsNamingIt()
    {
        AssertRefused(nameof(RedisFabricOptions.Prefix), options => options.Prefix = "");
        AssertRefused(nameof(RedisFabricOptions.Prefix), options => options.Prefix = "a b:");
        AssertRefused(nameof(RedisFabricOptions.User), options => options.User = "relay");
        AssertRefused(nameof(RedisFabricOptions.ConnectTimeoutMilliseconds), options => options.ConnectTimeoutMilliseconds = 0);
        AssertRefused(nameof(RedisFabricOptions.CommandTimeoutMilliseconds), options => options.CommandTimeoutMilliseconds = 99);
        AssertRefused(nameof(RedisFabricOptions.PendingBytesMax), options => options.PendingBytesMax = 1);
        AssertRefused(nameof(RedisFabricOptions.SubscriberQueueBytesMax), options => options.SubscriberQueueBytesMax = 1);
        AssertRefused(nameof(RedisFabricOptions.TlsAuthorityFile), options => options.TlsAuthorityFile = "ca.pem");
    }

    [Fact]
    public void Validate_EmbeddedOptionOutOfRange_ThrowsNamingIt()
    {
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.DataFolder), options => options.DataFolder = " ");
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.Synchronous), options => options.Synchronous = (SynchronousMode)7);
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.SubscriberQueueBytesMax), options => options.SubscriberQueueBytesMax = 1);
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.PendingWritesMax), options => options.PendingWritesMax = 0);
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.ReadersMax), options => options.ReadersMax = 65);
        AssertEmbeddedRefused(nameof(EmbeddedFabricOptions.StoreBytesMax), options => options.StoreBytesMax = -1);
    }

    [Fact]
    public void Validate_Defaults_Good()
    {
        new RedisFabricOptions().Validate();
        new EmbeddedFabricOptions().Validate();
    }

    private static void AssertRefused(string option, Action<RedisFabricOptions> change)
    {
        var options = new RedisFabricOptions();
        change(options);
        Assert.Contains(option, Assert.Throws<FabricException>(options.Validate).Message, StringComparison.Ordinal);
    }

    private static void AssertEmbeddedRefused(string option, Action<EmbeddedFabricOptions> change)
    {
        var options = new EmbeddedFabricOptions();
        change(options);
        Assert.Contains(option, Assert.Throws<FabricException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
