using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RelayServer.Guards;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>The HTTP listener of a running relay.</summary>
public sealed class HttpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_EveryAddress_AnswersUnderStrictPolicies()
    {
        await using RunningRelay relay = await StartAsync();
        await relay.ReadyAsync();

        foreach ((string path, string type) in new[]
        {
            ("/", "text/html"), ("/healthz", "text/plain"), ("/readyz", "application/json"), ("/metrics", "text/plain"),
        })
        {
            using HttpResponseMessage answer = await relay.Http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Get_PageOfAProcessWithAnEdge_NamesTheAddressForOperators()
    {
        await using RunningRelay relay = await StartAsync();
        await relay.ReadyAsync();
        Assert.Contains("/rooms: ", await relay.Http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readyz_RunningRelay_NamesEveryPart()
    {
        await using RunningRelay relay = await StartAsync();

        using JsonDocument report = JsonDocument.Parse(await relay.UntilAsync(HttpStatusCode.OK));

        Assert.True(report.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal(
            ["http", "data folder", "fabric", "master", "auth", "edge-1", "edge-2", "services", "credentials"],
            report.RootElement.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/metrics/..%2f..%2fetc/passwd", HttpStatusCode.NotFound)]
    [InlineData("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "/healthz", HttpStatusCode.OK)]
    public async Task Send_OtherRequests_AreAnsweredPlainly(string method, string path, HttpStatusCode expected)
    {
        await using RunningRelay relay = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using HttpResponseMessage answer = await relay.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Get_HostNameOfAnAttackersPage_IsRefused()
    {
        await using RunningRelay relay = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Host = "attacker.example";

        using HttpResponseMessage answer = await relay.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong-secret-of-some-length", HttpStatusCode.Unauthorized)]
    [InlineData("correct-horse-battery-staple", HttpStatusCode.OK)]
    public async Task Metrics_TokenIsSet_AsksForIt(string? secret, HttpStatusCode expected)
    {
        string file = _folder.File("secret");
        OwnerOnlyFile.Write(file, "correct-horse-battery-staple\n"u8);
        await using RunningRelay relay = await StartAsync("--set", $"Http:TokenFile={file}");
        if (secret is not null)
        {
            relay.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        using HttpResponseMessage metrics = await relay.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        using HttpResponseMessage health = await relay.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);

        Assert.Equal((expected, HttpStatusCode.OK), (metrics.StatusCode, health.StatusCode));
    }

    private Task<RunningRelay> StartAsync(params string[] more) =>
        RunningRelay.StartAsync(["--data", _folder.File("data"), "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", .. more]);
}
