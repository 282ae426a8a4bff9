using System.Text.Json;

namespace RelayServer.Cli.Accounts;

/// <summary>Asks the server as who is signed in.</summary>
internal sealed class AccountSession(string folder) : IDisposable
{
    private AuthClient? _client;

    /// <summary>The tokens.</summary>
    public LoginTokens Tokens { get; } = new(folder, TimeProvider.System);

    /// <summary>Sends a request with an access token.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, Dictionary<string, object?>? body, CancellationToken cancellationToken)
    {
        string token = await Tokens.GetAsync(cancellationToken);
        _client ??= new AuthClient(Tokens.Read().Auth);
        return await _client.SendAsync(method, path, body, token, cancellationToken);
    }

    public void Dispose() => _client?.Dispose();
}
