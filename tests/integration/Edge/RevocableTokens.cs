using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Takes every token for that of the sign-in and the user that it names, as in <c>phone:alice</c>; sign-ins can be revoked.</summary>
internal sealed class RevocableTokens : ITokenValidator
{
    private readonly HashSet<string> _revoked = [];
    private int _version;

    /// <summary>What happens between the look at a token and the session.</summary>
    public Action? Validated { get; set; }

    public ValueTask<TokenResult> ValidateAsync(string token)
    {
        string[] words = token.Split(':');
        var identity = new TokenIdentity("tests", string.Empty, words[0]);
        bool isRevoked = IsRevoked(identity, words[1]);
        Validated?.Invoke();
        return ValueTask.FromResult(new TokenResult(
            isRevoked ? TokenStatus.Revoked : TokenStatus.Valid, words[1], DateTimeOffset.UtcNow.AddHours(1), string.Empty, Identity: identity));
    }

    public int RefreshRevocations() => Volatile.Read(ref _version);

    public bool IsRevoked(TokenIdentity token, string userId)
    {
        lock (_revoked)
        {
            return _revoked.Contains(token.SessionId);
        }
    }

    public void Revoke(string session, bool isTold = true)
    {
        lock (_revoked)
        {
            _revoked.Add(session);
        }

        _version += isTold ? 1 : 0;
    }
}
