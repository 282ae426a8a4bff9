using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RelayServer.Accounts;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>What the authentication server does, over HTTP, on either engine; its subclasses hold the tests, by subject.</summary>
public abstract class AuthContract(IDatabaseHost host) : IAsyncLifetime
{
    protected const string Phone = "+821012345678";
    protected const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) });
    private AuthServer? _server;

    internal AuthClock Clock { get; } = new();

    internal SentCodes Codes { get; } = new();

    internal CapturedLogs Logs { get; } = new();

    internal AuthOptions Options { get; } = new();

    internal AuthServer Server => _server!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Options.Listen = new IPEndPoint(IPAddress.Loopback, 0);
        Options.SecretFile = _folder.File("secret");
        Options.Database = await host.OptionsAsync();
        Configure(Options);
        _server = await StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await host.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Sets what the tests of a subclass need.</summary>
    internal virtual void Configure(AuthOptions options)
    {
    }

    /// <summary>Another instance on the same database.</summary>
    internal async Task<AuthServer> StartAsync(int passwordIterations = 1000)
    {
        var server = new AuthServer(Options, Clock, Logs) { Sender = Codes, PasswordIterations = passwordIterations };
        await server.StartAsync(Cancel);
        return server;
    }

    internal async Task<AuthAnswer> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, AuthServer? server = null)
    {
        using var request = new HttpRequestMessage(method, $"http://{(server ?? Server).Endpoint}{path}");
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        HttpResponseMessage answer = await _client.SendAsync(request, Cancel);
        byte[] content = await answer.Content.ReadAsByteArrayAsync(Cancel);
        using JsonDocument document = JsonDocument.Parse(content.Length == 0 ? "{}"u8.ToArray() : content);
        return new AuthAnswer(answer.StatusCode, document.RootElement.Clone(), answer);
    }

    internal Task<AuthAnswer> PostAsync(string path, object body, string? token = null, AuthServer? server = null) =>
        SendAsync(HttpMethod.Post, path, body, token, server);

    internal Task<AuthAnswer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    /// <summary>Asks for a code and returns the challenge.</summary>
    internal async Task<string> ChallengeAsync(string phone = Phone)
    {
        Clock.AdvanceSeconds(31);
        return (await PostAsync("/phone/code", new { phone })).Good().Text("challenge");
    }

    internal async Task<AuthAnswer> SignInByPhoneAsync(string phone = Phone)
    {
        string challenge = await ChallengeAsync(phone);
        return (await PostAsync("/phone/sign-in", new { challenge, code = Codes.Last })).Good();
    }

    internal async Task<AuthAnswer> RegisterAsync(string name = "alice") =>
        (await PostAsync("/password/register", new { name, password = Password })).Good();

    internal Task<AuthAnswer> SignInByPasswordAsync(string name = "alice", string password = Password) =>
        PostAsync("/password/sign-in", new { name, password });

    internal Task<AuthAnswer> RefreshAsync(string refresh) => PostAsync("/refresh", new { refresh_token = refresh });

    /// <summary>What an edge says of a token of this server.</summary>
    internal async Task<TokenResult> ValidateAsync(string token, string audience = "relay") => await new TokenValidator(
        new TokenValidatorOptions { Audience = audience, Keys = [], KeySources = [Server], Revocations = [Server], Skew = TimeSpan.Zero },
        Clock).ValidateAsync(token);

    /// <summary>A code that is not the right one.</summary>
    internal static string Other(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];
}
