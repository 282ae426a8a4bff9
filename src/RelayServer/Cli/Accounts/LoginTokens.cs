using System.Text.Json;
using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>Access tokens of the login that a data folder keeps, refreshed when they are about to end. Those of one user: of who was signed in first.</summary>
internal sealed class LoginTokens(string folder, TimeProvider time)
{
    // What is left must carry a connection through its handshake.
    private static readonly TimeSpan LeftMin = TimeSpan.FromSeconds(30);

    private string? _userId;

    /// <summary>True when there is a login.</summary>
    public bool Exists => File.Exists(StoredLogin.FileIn(folder));

    /// <summary>A login whose access token is good for a while.</summary>
    /// <exception cref="CommandFailureException">There is no login, or it has ended or is another user's now.</exception>
    public async Task<StoredLogin> GetAsync(CancellationToken cancellationToken)
    {
        StoredLogin login = Read();
        if (IsFresh(login))
        {
            return login;
        }

        using FileStream held = await LoginLock.TakeAsync(folder, cancellationToken);
        login = Read();
        return IsFresh(login) ? login : await RefreshAsync(login, cancellationToken);
    }

    /// <summary>New tokens now, such as after a consent has changed.</summary>
    /// <exception cref="CommandFailureException">There is no login, or it has ended.</exception>
    public async Task<StoredLogin> RefreshAsync(CancellationToken cancellationToken)
    {
        Read();
        using FileStream held = await LoginLock.TakeAsync(folder, cancellationToken);
        return await RefreshAsync(Read(), cancellationToken);
    }

    /// <summary>Keeps what a sign-in was answered with.</summary>
    /// <exception cref="CommandFailureException">It cannot be kept.</exception>
    public async Task<StoredLogin> KeepAsync(Uri auth, JsonElement answer, CancellationToken cancellationToken)
    {
        using FileStream held = await LoginLock.TakeAsync(folder, cancellationToken);
        return Keep(auth, answer);
    }

    /// <summary>Takes the login away.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        using FileStream held = await LoginLock.TakeAsync(folder, cancellationToken);
        StoredLogin.Delete(folder);
    }

    /// <summary>The login.</summary>
    /// <exception cref="CommandFailureException">There is none, or it is another user's now.</exception>
    public StoredLogin Read()
    {
        StoredLogin login = StoredLogin.Read(folder)
            ?? throw new CommandFailureException(
                ClientExitCode.Token, "you are not signed in; sign in with 'relay login', or make an account with 'relay register NAME'");
        _userId ??= login.UserId;
        return login.UserId == _userId
            ? login
            : throw new CommandFailureException(ClientExitCode.Token, "somebody else is signed in here now; start this again to go on as they");
    }

    private bool IsFresh(StoredLogin login) => login.AccessExpiresAt - LeftMin.TotalSeconds > time.GetUtcNow().ToUnixTimeSeconds();

    // With the lock.
    private async Task<StoredLogin> RefreshAsync(StoredLogin login, CancellationToken cancellationToken)
    {
        using var client = new AuthClient(login.Auth);
        JsonElement answer = await client.SendAsync(
            HttpMethod.Post, "/refresh", new() { ["refresh_token"] = login.RefreshToken }, null, cancellationToken);
        return Keep(login.Auth, answer);
    }

    private StoredLogin Keep(Uri auth, JsonElement answer)
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
            throw new CommandFailureException(ClientExitCode.Connection, $"{auth} is no authentication server; 'relay login --auth URL' names one", problem);
        }
    }
}
