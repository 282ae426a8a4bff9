using System.Net;
using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

/// <summary>Redirects between http and https, at a server that is not there.</summary>
public sealed class FeedRedirectTests
{
    [Theory]
    [InlineData("https://gazette.example/feed", "http://gazette.example/feed")]
    [InlineData("https://gazette.example/feed", "http://elsewhere.example/feed")]
    [InlineData("https://gazette.example/feed", "//elsewhere.example/feed", "http://elsewhere.example/feed")]
    public async Task FetchAsync_FromHttpsToHttp_IsRefused(params string[] way)
    {
        (FetchResult result, List<Uri> asked) = await FollowAsync(way);

        Assert.Equal((FetchKind.Failed, "it is redirected from https to http"), (result.Kind, result.Reason));
        Assert.All(asked, address => Assert.Equal(Uri.UriSchemeHttps, address.Scheme));
    }

    [Fact]
    public async Task FetchAsync_FromHttpToHttps_IsFollowed()
    {
        (FetchResult result, List<Uri> asked) = await FollowAsync("http://gazette.example/feed", "https://gazette.example/feed");

        Assert.Equal((FetchKind.Changed, "https://gazette.example/feed"), (result.Kind, asked[^1].AbsoluteUri));
    }

    private static async Task<(FetchResult Result, List<Uri> Asked)> FollowAsync(params string[] way)
    {
        var server = new Redirecting(way[1..]);
        using var client = new HttpMessageInvoker(server);
        var source = new HttpFeedSource(new Uri(way[0]), client, client, 1024, TimeSpan.FromSeconds(15), TimeProvider.System);
        return (await source.FetchAsync(FeedValidators.None, TestContext.Current.CancellationToken), server.Asked);
    }

    private sealed class Redirecting(string[] way) : HttpMessageHandler
    {
        public List<Uri> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!);
            var response = new HttpResponseMessage(Asked.Count <= way.Length ? HttpStatusCode.Redirect : HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
            if (Asked.Count <= way.Length)
            {
                response.Headers.Location = new Uri(way[Asked.Count - 1], UriKind.RelativeOrAbsolute);
            }

            return Task.FromResult(response);
        }
    }
}
