using System.Net;
using RelayServer.Accounts;

namespace RelayServer.UnitTests.Accounts;

public sealed class AuthOptionsTests
{
    [Fact]
    public void FindProblems_Defaults_AreNone() => Assert.Empty(new AuthOptions().FindProblems());

    [Fact]
    public void FindProblems_OpenListenerWithoutTls_SaysWhatToSet()
    {
        var options = new AuthOptions { Listen = new IPEndPoint(IPAddress.Any, 7490) };
        Assert.StartsWith("Listen: beyond the loopback", Assert.Single(options.FindProblems()), StringComparison.Ordinal);
        options.BehindProxy = true;
        Assert.Empty(options.FindProblems());
    }

    [Theory]
    [InlineData("http://codes.example/send")]
    [InlineData("https://user@codes.example/send")]
    [InlineData("ftp://127.0.0.1/")]
    public void FindProblems_WebhookOverAnOpenNetwork_IsRefused(string address) =>
        Assert.StartsWith("CodeWebhook: ", Assert.Single(new AuthOptions { CodeWebhook = new Uri(address) }.FindProblems()), StringComparison.Ordinal);

    [Theory]
    [InlineData("example", "https://issuer.example", false, 0)]
    [InlineData("example", "http://127.0.0.1:1", true, 0)]
    [InlineData("example", "http://127.0.0.1:1", false, 1)]
    [InlineData("example", "http://issuer.example", true, 1)]
    [InlineData("Example", "https://issuer.example", false, 1)]
    [InlineData("example", "nowhere", false, 1)]
    public void FindProblems_Provider_NeedsANameAndASafeIssuer(string name, string issuer, bool allowsLoopback, int problems)
    {
        var options = new AuthOptions
        {
            Providers = [new AuthProviderOptions { Name = name, Issuer = issuer, Audience = "a", AllowLoopbackHttp = allowsLoopback }],
        };
        Assert.Equal(problems, options.FindProblems().Count(line => line.StartsWith("Providers:0:", StringComparison.Ordinal)));
    }

    [Fact]
    public void FindProblems_TwoProvidersOfOneName_IsRefused()
    {
        AuthProviderOptions provider = new() { Name = "a", Issuer = "https://a.example", Audience = "a" };
        Assert.Equal("Providers: two have the same Name", Assert.Single(new AuthOptions { Providers = [provider, provider] }.FindProblems()));
    }
}
