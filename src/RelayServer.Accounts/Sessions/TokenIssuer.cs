using System.Text;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Keys;
using RelayServer.Identity;
using RelayServer.Protocol;

namespace RelayServer.Accounts.Sessions;

/// <summary>Makes the tokens of a sign-in, and tells who an access token belongs to.</summary>
internal sealed class TokenIssuer
{
    private readonly AuthContext _context;
    private readonly SigningKeyRing _keys;
    private readonly SessionService _sessions;
    private readonly TokenValidator _validator;

    public TokenIssuer(AuthContext context, SigningKeyRing keys, SessionService sessions)
    {
        _context = context;
        _keys = keys;
        _sessions = sessions;
        _validator = new TokenValidator(
            new TokenValidatorOptions { Audience = context.Options.Audience, Keys = [], KeySources = [keys], Skew = TimeSpan.Zero }, context.Time);
    }

    /// <summary>The tokens of a sign-in that was opened or refreshed.</summary>
    public SignInAnswer Issue(OpenedSession session)
    {
        var lifetime = TimeSpan.FromSeconds(_context.Options.AccessTokenSeconds);
        string access = Minter().Mint(new TokenGrant
        {
            UserId = session.UserId, Lifetime = lifetime, Consents = session.Consents, SessionId = session.SessionId,
        });
        return new SignInAnswer
        {
            UserId = session.UserId,
            AccessToken = access,
            ExpiresIn = _context.Options.AccessTokenSeconds,
            RefreshToken = RefreshToken.Create(_context.Secret, session.SessionId, session.Generation, session.Seed),
            RefreshExpiresIn = Math.Max(0, (session.ExpiresAt - _context.NowMilliseconds) / 1000),
            Consents = session.Consents,
            IsNewAccount = session.IsNewAccount,
        };
    }

    /// <summary>A token with which a service knows the user, by a name that no other service has.</summary>
    /// <exception cref="AuthException">The user has not allowed the service.</exception>
    public async Task<ServiceTokenAnswer> IssueForServiceAsync(SignedInUser user, string service, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> consents = await _context.Database.ReadAsync(
            async session => await _sessions.IsAliveAsync(session, user)
                ? await AccountStore.ListConsentsAsync(session, user.UserId)
                : throw new AuthException(AuthProblem.InvalidToken),
            cancellationToken);
        if (!consents.Contains(service))
        {
            throw new AuthException(AuthProblem.ConsentRequired);
        }

        // No id of the sign-in: two services could tell by it that they have the same user.
        string subject = PairwiseSubject.Of(
            _context.Secret.Pairwise, Encoding.UTF8.GetBytes(service), Encoding.UTF8.GetBytes(user.UserId));
        var lifetime = TimeSpan.FromSeconds(_context.Options.ServiceTokenSeconds);
        return new ServiceTokenAnswer
        {
            AccessToken = Minter().Mint(new TokenGrant { UserId = subject, Lifetime = lifetime, Audience = service }),
            ExpiresIn = _context.Options.ServiceTokenSeconds,
            Subject = subject,
        };
    }

    /// <summary>Who a bearer token belongs to; null when it is none of ours.</summary>
    public async ValueTask<SignedInUser?> ReadAsync(string token)
    {
        TokenResult result = await _validator.ValidateAsync(token);
        return result is { Status: TokenStatus.Valid, Identity.SessionId: { Length: > 0 } session } ? new SignedInUser(result.UserId, session) : null;
    }

    private TokenMinter Minter() => new(new TrustedKey(_context.Options.Issuer, _keys.Current), _context.Options.Audience, _context.Time);
}
