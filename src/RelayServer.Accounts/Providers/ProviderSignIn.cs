using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Sessions;
using RelayServer.Identity;
using RelayServer.Storage;

namespace RelayServer.Accounts.Providers;

/// <summary>Sign-in with the id token of an OpenID Connect provider. Only those of the settings are known.</summary>
internal sealed class ProviderSignIn : IDisposable
{
    private const string TokenKind = "provider-token";

    private readonly AuthContext _context;
    private readonly AccountService _accounts;
    private readonly DocumentFetcher _fetcher = new();
    private readonly Dictionary<string, (AuthProviderOptions Options, ProviderToken Token)> _providers;

    public ProviderSignIn(AuthContext context, AccountService accounts)
    {
        _context = context;
        _accounts = accounts;
        _providers = context.Options.Providers.ToDictionary(
            provider => provider.Name,
            provider => (provider, new ProviderToken(
                provider,
                new ProviderKeys(provider, _fetcher, context.Time, problem => AuthLog.ProviderUnreachable(context.Logger, provider.Name, problem)),
                context.Time)),
            StringComparer.Ordinal);
    }

    /// <summary>Signs in.</summary>
    /// <exception cref="AuthException">The token is not good.</exception>
    public async Task<OpenedSession> SignInAsync(string provider, string token, string? nonce, CountedClient client, CancellationToken cancellationToken)
    {
        (ProvenIdentity identity, string tokenHash) = await ProveAsync(provider, token, nonce);
        OpenedSession opened = await _context.DecideAsync(
            session => UseAsync(session, tokenHash, () => _accounts.SignInAsync(session, identity, client)), cancellationToken);
        AuthMetrics.AddSignIn(IdentityKind.Provider);
        return opened;
    }

    /// <summary>Links the provider's user to the account of who is signed in.</summary>
    /// <exception cref="AuthException">The token is not good, or the provider's user has another account.</exception>
    public async Task LinkAsync(ConfirmedUser user, string provider, string token, string? nonce, CancellationToken cancellationToken)
    {
        (ProvenIdentity identity, string tokenHash) = await ProveAsync(provider, token, nonce);
        await _context.DecideAsync(
            session => UseAsync(
                session, tokenHash, () => _accounts.LinkAsync(session, user, () => Task.FromResult<Decision<ProvenIdentity>>(identity))),
            cancellationToken);
    }

    public void Dispose() => _fetcher.Dispose();

    // Nobody but the client knows the nonce, and it is in the token: what keeps a token that somebody has read from being used again is this.
    // What is refused for a limit has not used it, nor written a row.
    private async Task<Decision<T>> UseAsync<T>(DatabaseSession session, string tokenHash, Func<Task<Decision<T>>> use)
    {
        AttemptLimit[] once = [new AttemptLimit(TokenKind, tokenHash, 1, ProviderToken.LifetimeMax + (2 * ProviderToken.Skew))];
        if (await AttemptLedger.FindWaitAsync(session, _context.Now, once) is not null)
        {
            return AuthProblem.ProviderRefused("the provider's token was used before; get a new one");
        }

        Decision<T> decision = await use();
        if (decision.Problem is null)
        {
            await AttemptLedger.TryTakeAsync(session, _context.Now, once);
        }

        return decision;
    }

    private async Task<(ProvenIdentity Identity, string TokenHash)> ProveAsync(string provider, string token, string? nonce)
    {
        if (!_providers.TryGetValue(provider, out var known))
        {
            throw new AuthException(AuthProblem.NotFound with { Message = "there is no provider of this name here" });
        }

        (string subject, string? problem) = await known.Token.ValidateAsync(token, nonce);
        if (problem is not null)
        {
            throw new AuthException(AuthProblem.ProviderRefused($"the provider's token is not accepted: {problem}"));
        }

        // Without the signature, of which there may be several for the same token.
        string tokenHash = _context.Secret.HashOf(TokenKind, token[..token.LastIndexOf('.')]);
        return (
            new ProvenIdentity(IdentityKind.Provider, _context.Secret.HashOf(IdentityKind.Provider, $"{known.Options.Issuer}\0{subject}"), known.Options.Name),
            tokenHash);
    }
}
