using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.IntegrationTests.Support;
using RelayServer.UnitTests.Adapters;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>
/// Where the fetcher goes. 127.0.0.1 stands for the internet, where the servers of the tests are; everything else is judged by the rules.
/// </summary>
public sealed class FeedAddressTests
{
    private static readonly byte[] Feed = FeedDocuments.Rss("<item><guid>1</guid><title>A</title></item>");

    private readonly List<string> _resolved = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FetchAsync_NameOnAGoodAddress_IsResolvedOnceAndConnectedToThere()
    {
        string host = string.Empty;
        await using FeedServer server = await FeedServer.StartAsync(context =>
        {
            host = context.Request.Host.Host;
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });

        FetchResult result = await FetchAsync(server.Url(host: "good.test"));

        Assert.Equal(Feed, result.Document);
        Assert.Equal("good.test", host);
        Assert.Equal(["good.test"], _resolved);
    }

    [Theory]
    [InlineData("private.test")]
    [InlineData("mixed.test")]
    [InlineData("mapped.test")]
    [InlineData("metadata.test")]
    [InlineData("127.0.0.2")]
    [InlineData("169.254.169.254")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("2130706434")]
    [InlineData("0x7f000002")]
    [InlineData("0177.0.0.2")]
    public async Task FetchAsync_AddressThatIsNotOfTheInternet_IsRefusedBeforeAnythingIsSent(string host)
    {
        FetchResult result = await FetchAsync(new Uri($"http://{host}/feed"));

        AssertFailed(result, "not of the public internet");
    }

    [Fact]
    public async Task FetchAsync_PrivateAddressAllowed_IsConnectedTo()
    {
        await using FeedServer server = await FeedServer.StartAsync(context => context.Response.Body.WriteAsync(Feed).AsTask());
        using HttpMessageInvoker client = HttpFeedSource.CreateClient(new FeedConnector(FeedConnector.ResolveAsync, _ => true));
        var source = new HttpFeedSource(server.Url(), client, client, 1024, TimeSpan.FromSeconds(15), TimeProvider.System);

        Assert.Equal(FetchKind.Changed, (await source.FetchAsync(FeedValidators.None, Cancel)).Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.2/feed")]
    [InlineData("http://private.test/feed")]
    [InlineData("http://[::1]/")]
    public async Task FetchAsync_RedirectedToAPrivateAddress_IsRefused(string location)
    {
        await using FeedServer server = await FeedServer.StartAsync(context => RedirectTo(context, location));

        AssertFailed(await FetchAsync(server.Url(host: "good.test")), "not of the public internet");
    }

    [Fact]
    public async Task FetchAsync_PrivateAddressAllowedAndRedirectedToAnotherHost_ThatOneIsHeldToTheRules()
    {
        await using FeedServer server = await FeedServer.StartAsync(context => context.Request.Path == "/feed"
            ? RedirectTo(context, "/moved")
            : RedirectTo(context, $"http://private.test:{context.Connection.LocalPort}/inside"));
        using HttpMessageInvoker any = HttpFeedSource.CreateClient(new FeedConnector(ResolveAsync, _ => true));
        using HttpMessageInvoker only = HttpFeedSource.CreateClient(new FeedConnector(ResolveAsync, AddressRules.IsPublic));
        var source = new HttpFeedSource(server.Url(), any, only, 1024, TimeSpan.FromSeconds(15), TimeProvider.System);

        AssertFailed(await source.FetchAsync(FeedValidators.None, Cancel), "not of the public internet");
        Assert.Equal(["private.test"], _resolved);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://good.test/")]
    [InlineData("gopher://good.test/")]
    [InlineData("http://user:password@good.test/")]
    [InlineData("")]
    public async Task FetchAsync_RedirectedToWhatIsNotWeb_IsRefused(string location)
    {
        await using FeedServer server = await FeedServer.StartAsync(context => RedirectTo(context, location));

        AssertFailed(await FetchAsync(server.Url(host: "good.test")), "not an http or https address");
    }

    [Theory]
    [InlineData(FeedLimits.RedirectsMax, true)]
    [InlineData(FeedLimits.RedirectsMax + 1, false)]
    public async Task FetchAsync_Redirects_AreFollowedUpToTheBound(int redirects, bool arrives)
    {
        await using FeedServer server = await FeedServer.StartAsync(context =>
        {
            int left = int.Parse(context.Request.Path.Value!.AsSpan(1), CultureInfo.InvariantCulture);
            return left == 0 ? context.Response.Body.WriteAsync(Feed).AsTask() : RedirectTo(context, $"/{left - 1}");
        });

        FetchResult result = await FetchAsync(server.Url($"/{redirects}", "good.test"));

        Assert.Equal(arrives ? FetchKind.Changed : FetchKind.Failed, result.Kind);
        Assert.Equal(arrives ? $"http://good.test:{server.Port}/0" : null, result.Origin?.AbsoluteUri);
    }

    [Fact]
    public async Task FetchAsync_CertificateThatNobodyVouchesFor_IsRefused()
    {
        using var certificate = new EdgeCertificate();
        using X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);
        await using FeedServer server = await FeedServer.StartAsync(context => context.Response.Body.WriteAsync(Feed).AsTask(), own);

        AssertFailed(await FetchAsync(new Uri($"https://good.test:{server.Port}/feed")), "certificate is not accepted");
    }

    [Fact]
    public async Task FetchAsync_NameWithoutAddress_SaysSo()
    {
        AssertFailed(await FetchAsync(new Uri("http://nosuch.test/")), "cannot be resolved");
        AssertFailed(await FetchAsync(new Uri("http://empty.test/")), "has no address");
    }

    private static Task RedirectTo(Microsoft.AspNetCore.Http.HttpContext context, string location)
    {
        context.Response.StatusCode = 302;
        if (location.Length > 0)
        {
            context.Response.Headers.Location = location;
        }

        return Task.CompletedTask;
    }

    private static void AssertFailed(FetchResult result, string reason)
    {
        Assert.Equal(FetchKind.Failed, result.Kind);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (_resolved)
        {
            _resolved.Add(host);
        }

        return host switch
        {
            "good.test" => Task.FromResult(new[] { IPAddress.Loopback }),
            "private.test" => Task.FromResult(new[] { IPAddress.Parse("10.0.0.1") }),
            "mixed.test" => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("192.168.0.1") }),
            "mapped.test" => Task.FromResult(new[] { IPAddress.Parse("::ffff:172.16.0.1") }),
            "metadata.test" => Task.FromResult(new[] { IPAddress.Parse("169.254.169.254") }),
            "empty.test" => Task.FromResult(Array.Empty<IPAddress>()),
            _ => throw new SocketException((int)SocketError.HostNotFound),
        };
    }

    private async Task<FetchResult> FetchAsync(Uri url)
    {
        var connector = new FeedConnector(ResolveAsync, address => address.Equals(IPAddress.Loopback) || AddressRules.IsPublic(address));
        using HttpMessageInvoker client = HttpFeedSource.CreateClient(connector);
        return await new HttpFeedSource(url, client, client, 64 * 1024, TimeSpan.FromSeconds(15), TimeProvider.System).FetchAsync(FeedValidators.None, Cancel);
    }
}
