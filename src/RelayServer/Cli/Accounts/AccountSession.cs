using System.Text.Json;

namespace RelayServer.Cli.Accounts;

/// <summary>Asks the server as who is signed in.</summary>
internal sealed class AccountSession(string folder) : IDisposable
{
    private AuthClient? _client;

    /// <summary>The tokens.</summary>
    public LoginTokens Tokens { get; } = new(folder, TimeProvider.System);

    /// <summary>Sends a request with an access token.</summary>
    public Task<JsonElement> SendAsync(HttpMethod method, string path, Dictionary<string, object?>? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, _ => body, cancellationToken);

    /// <summary>Sends one that the server takes with the refresh token besides only.</summary>
    public Task<JsonElement> SendConfirmedAsync(HttpMethod method, string path, Dictionary<string, object?> body, CancellationToken cancellationToken) =>
        SendAsync(method, path, login => new(body) { ["refresh_token"] = login.RefreshToken }, cancellationToken);

    public void Dispose() => _client?.Dispose();

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, Func<StoredLogin, Dictionary<string, object?>?> body, CancellationToken cancellationToken)
    {
        StoredLogin login = await Tokens.GetAsync(cancellationToken);
        _client ??= new AuthClient(login.Auth);
        try
        {
            return await _client.SendAsync(method, path, body(login), login.AccessToken, cancellationToken);
        }
        catch (AuthRefusedException problem) when (problem.Code == AuthRefusedException.InvalidToken)
        {
            // Refused before its time, as after keys were replaced at once. Where the sign-in has ended, its refresh token is refused as well.
            login = await Tokens.RefreshAsync(cancellationToken);
            return await _client.SendAsync(method, path, body(login), login.AccessToken, cancellationToken);
        }
    }
}
