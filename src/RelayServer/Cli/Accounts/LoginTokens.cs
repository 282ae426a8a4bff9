using System.Text.Json;
using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>Access tokens of the login that a data folder keeps, refreshed when they are about to end.</summary>
internal sealed class LoginTokens(string folder, TimeProvider time)
{
    // What is left must carry a connection through its handshake.
    private static readonly TimeSpan LeftMin = TimeSpan.FromSeconds(30);

    /// <summary>True when there is a login.</summary>
    public bool Exists => File.Exists(StoredLogin.FileIn(folder));

    /// <summary>A token that is good for a while.</summary>
    /// <exception cref="CommandFailureException">There is no login, or it has ended.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        StoredLogin login = Read();
        bool isFresh = login.AccessExpiresAt - LeftMin.TotalSeconds > time.GetUtcNow().ToUnixTimeSeconds();
        return isFresh ? login.AccessToken : (await RefreshAsync(cancellationToken)).AccessToken;
    }

    /// <summary>New tokens now, such as after a consent has changed.</summary>
    /// <exception cref="CommandFailureException">There is no login, or it has ended.</exception>
    public async Task<StoredLogin> RefreshAsync(CancellationToken cancellationToken)
    {
        // Two commands at the same time may both do this: the server gives both the same tokens.
        StoredLogin login = Read();
        using var client = new AuthClient(login.Auth);
        JsonElement answer = await client.SendAsync(
            HttpMethod.Post, "/refresh", new() { ["refresh_token"] = login.RefreshToken }, null, cancellationToken);
        return Keep(login.Auth, answer);
    }

    /// <summary>Keeps what a sign-in was answered with.</summary>
    /// <exception cref="CommandFailureException">It cannot be kept.</exception>
    public StoredLogin Keep(Uri auth, JsonElement answer)
    {
        try
        {
            var login = new StoredLogin
            {
                Auth = auth,
                UserId = answer.GetProperty("user_id").GetString()!,
                RefreshToken = answer.GetProperty("refresh_token").GetString()!,
                AccessToken = answer.GetProperty("access_token").GetString()!,
                AccessExpiresAt = time.GetUtcNow().ToUnixTimeSeconds() + answer.GetProperty("expires_in").GetInt64(),
            };
            login.Write(folder);
            return login;
        }
        catch (Exception problem) when (problem is KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailureException(ClientExitCode.Connection, $"{auth} is no authentication server; name one with --auth URL", problem);
        }
    }

    /// <summary>The login.</summary>
    /// <exception cref="CommandFailureException">There is none.</exception>
    public StoredLogin Read() => StoredLogin.Read(folder)
        ?? throw new CommandFailureException(ClientExitCode.Token, "you are not signed in; sign in with 'relay login', or make an account with 'relay register NAME'");
}
