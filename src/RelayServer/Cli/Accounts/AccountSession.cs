using System.Text.Json;

namespace RelayServer.Cli.Accounts;

/// <summary>Asks the server as who is signed in.</summary>
internal sealed class AccountSession(string folder) : IDisposable
{
    private AuthClient? _client;

    /// <summary>The tokens.</summary>
    public LoginTokens Tokens { get; } = new(folder, TimeProvider.System);

    /// <summary>Sends a request with an access token.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, Dictionary<string, object?>? body, CancellationToken cancellationToken) =>
        await SendAsync(await Tokens.GetAsync(cancellationToken), method, path, body, cancellationToken);

    /// <summary>Sends one that the server takes with the refresh token besides only.</summary>
    public async Task<JsonElement> SendConfirmedAsync(
        HttpMethod method, string path, Dictionary<string, object?> body, CancellationToken cancellationToken)
    {
        StoredLogin login = await Tokens.GetAsync(cancellationToken);
        return await SendAsync(login, method, path, new(body) { ["refresh_token"] = login.RefreshToken }, cancellationToken);
    }

    public void Dispose() => _client?.Dispose();

    private Task<JsonElement> SendAsync(
        StoredLogin login, HttpMethod method, string path, Dictionary<string, object?>? body, CancellationToken cancellationToken)
    {
        _client ??= new AuthClient(login.Auth);
        return _client.SendAsync(method, path, body, login.AccessToken, cancellationToken);
    }
}
