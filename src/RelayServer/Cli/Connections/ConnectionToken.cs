using RelayServer.Cli.Accounts;
using RelayServer.Client;
using RelayServer.Guards;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Cli.Connections;

/// <summary>Finds the token to sign in with. Read again whenever a fresh one is needed.</summary>
internal sealed record ConnectionToken
{
    public const string Variable = "RELAY_TOKEN";

    private static readonly TimeSpan MintedLifetime = TimeSpan.FromHours(24);

    private LoginTokens? _login;
    private string? _given;

    /// <summary>The token itself, from the command line.</summary>
    public string? Literal { get; init; }

    /// <summary>A file with the token.</summary>
    public string? File { get; init; }

    /// <summary>A user to be, by a token made with the key of the relay that runs on the data folder.</summary>
    public string? User { get; init; }

    /// <summary>Who to be when nothing else is given; null takes the token of the data folder.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>The role of a token that is made here.</summary>
    public TokenRole Role { get; init; } = TokenRole.Member;

    /// <summary>The data folder of a relay on this machine; its file <c>token</c> is the last resort.</summary>
    public required string DataFolder { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Nothing but a token with <see cref="Role"/> was asked for: a login does not do.</summary>
    public bool NeedsRole { get; init; }

    /// <summary>
    /// As <see cref="Read"/>, and after the environment the login that the data folder keeps, refreshed when it is about to end.
    /// </summary>
    /// <exception cref="CommandFailureException">There is none, or its file can be read by others.</exception>
    /// <exception cref="RelayException">The login has ended, which is final, or its server cannot be reached, which may pass.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        bool isGiven = Literal is { Length: > 0 } || File is not null || User is not null || NeedsRole || Environment(Variable) is { Length: > 0 };
        if (isGiven)
        {
            return Read();
        }

        // Who began with a login does not go on as somebody else when it is gone.
        if (_login is null && new LoginTokens(DataFolder, TimeProvider.System) is { Exists: true } login)
        {
            _login = login;
        }

        return _login is null ? Read() : await RenewAsync(_login, cancellationToken);
    }

    /// <summary>In this order: <c>--token</c>, <c>--token-file</c>, <c>--user</c>, the environment, the default user, the data folder.</summary>
    /// <exception cref="CommandFailureException">There is none, or its file can be read by others.</exception>
    public string Read()
    {
        if (Literal is { Length: > 0 })
        {
            return Literal;
        }

        if (File is not null)
        {
            return ReadFile(File);
        }

        if (User is not null)
        {
            return Mint(User);
        }

        if (Environment(Variable) is { Length: > 0 } fromEnvironment)
        {
            return fromEnvironment;
        }

        if (DefaultUser is not null)
        {
            return Mint(DefaultUser);
        }

        string path = Hosting.DataFolder.TokenFileIn(DataFolder);
        return System.IO.File.Exists(path)
            ? ReadFile(path)
            : throw new CommandFailureException(
                ClientExitCode.Connection,
                $"no token, and no relay that keeps one in {path}; start one with 'relay', name its data folder with --data DIR, "
                + $"or for a relay elsewhere sign in with 'relay login', give --token-file FILE or set {Variable}");
    }

    // A sign-in that has ended does not come back, and a server that is away may.
    private async Task<string> RenewAsync(LoginTokens login, CancellationToken cancellationToken)
    {
        try
        {
            StoredLogin kept = await login.GetAsync(cancellationToken);

            // Whoever asks again had the one of before refused, however long it would be good for.
            kept = kept.AccessToken == _given ? await login.RefreshAsync(cancellationToken) : kept;
            return _given = kept.AccessToken;
        }
        catch (CommandFailureException problem)
        {
            throw new RelayException(problem.ExitCode == ClientExitCode.Connection ? ErrorCode.None : ErrorCode.Forbidden, problem.Message, problem);
        }
    }

    private string Mint(string user)
    {
        try
        {
            (TrustedKey key, string audience) = LocalToken.Read(
                DataFolder, otherAdvice: $", or for a relay elsewhere give --token-file FILE or set {Variable}");
            return LocalToken.Mint(key, audience, user, MintedLifetime, Role);
        }
        catch (Exception e) when (e is StartException or SettingsException)
        {
            throw new CommandFailureException(ClientExitCode.Token, e.Message, e);
        }
    }

    private static string ReadFile(string path)
    {
        try
        {
            using FileStream file = System.IO.File.OpenRead(path);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new CommandFailureException(ClientExitCode.Token, $"the token file {path} is open to others; run: chmod 600 {path}");
            }

            using StreamReader reader = new(file);
            string token = reader.ReadToEnd().Trim();
            return token.Length > 0 ? token : throw new CommandFailureException(ClientExitCode.Token, $"the token file {path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"the token file {path} cannot be read: {e.Message}", e);
        }
    }
}
