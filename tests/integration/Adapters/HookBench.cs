using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Hooks;
using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>A webhook named "desk" on the loopback, with its secrets in a file and its items in SQLite.</summary>
internal sealed class HookBench : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string OldSecret = "the secret before, the secret before";

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteHost _host = new();
    private readonly SubscriptionsMetrics _metrics = new();
    private readonly HttpClient _http = new();
    private HookListener _listener = null!;

    public ServiceBench Service { get; private set; } = null!;

    public HookOptions Options { get; } = new() { Name = "desk", Subjects = ["Local"], PostsPerMinuteMax = 60 };

    public int Changes { get; private set; }

    public IPEndPoint Endpoint => _listener.Endpoint;

    public Uri Url => new($"http://{Endpoint}/hooks/desk");

    public string SecretFile => _folder.File("desk.secret");

    public static async Task<HookBench> StartAsync(SubscriptionsOptions? options = null, int postsPerMinute = 60)
    {
        var bench = new HookBench();
        bench.Options.PostsPerMinuteMax = postsPerMinute;
        bench.Options.SecretFile = bench.SecretFile;
        bench.WriteSecrets($"# the new one first\n{Secret}\n\n{OldSecret}\n");
        bench.Service = await ServiceBench.OpenAsync(bench._host, options);
        var topic = new TopicOptions();
        var desk = new HookDesk(
            bench.Options, "news", new SourceTarget(topic, new SubjectNames(topic), [.. bench.Options.Subjects]), 1000, bench.Service.Items, bench.Service.Allowances, () => bench.Changes++,
            bench._metrics, bench.Service.Time, bench.Service.Logs);
        desk.Check();
        bench._listener = new HookListener(new IPEndPoint(IPAddress.Loopback, 0), new Dictionary<string, HookDesk> { ["desk"] = desk }, bench.Service.Logs);
        await bench._listener.StartAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    public void WriteSecrets(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(SecretFile, text);
        File.SetUnixFileMode(SecretFile, mode);
    }

    /// <summary>Posts a body with its signature.</summary>
    public Task<(int Status, string Code)> PostAsync(string body, string secret = Secret, TimeSpan age = default)
    {
        string timestamp = (Service.Time.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return SendAsync(Request(body, timestamp, HookSignature.Create(Encoding.UTF8.GetBytes(secret), timestamp, Encoding.UTF8.GetBytes(body))));
    }

    public HttpRequestMessage Request(string body, string? timestamp, string? signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (timestamp is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Relay-Timestamp", timestamp);
        }

        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Relay-Signature", signature);
        }

        return request;
    }

    /// <summary>Sends a request; the status, and the word that the answer has for it.</summary>
    public async Task<(int Status, string Code)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        request.Dispose();
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        bool isTaken = answer.RootElement.TryGetProperty("status", out JsonElement status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, response.Headers.RetryAfter is not null);
        return ((int)response.StatusCode, (isTaken ? status : answer.RootElement.GetProperty("error")).GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _listener.DisposeAsync();
        await Service.DisposeAsync();
        await _host.DisposeAsync();
        _metrics.Dispose();
        _folder.Dispose();
    }
}
