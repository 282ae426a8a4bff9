using RelayServer.Client;

namespace RelayServer.UnitTests.Client;

public sealed class RelayEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1:7400", "127.0.0.1", 7400)]
    [InlineData("edge-1.example:1", "edge-1.example", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Parse_Address_RoundTrips(string text, string host, int port)
    {
        Assert.Equal(new RelayEndpoint(host, port), RelayEndpoint.Parse(text));
        Assert.Equal(text, RelayEndpoint.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":7400")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("::1:7400")]
    [InlineData("ho st:1")]
    public void TryParse_NotAnAddress_IsFalse(string text) => Assert.False(RelayEndpoint.TryParse(text, out _));
}
