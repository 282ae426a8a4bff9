namespace RelayServer.Identity;

/// <summary>The outcome of validating a token.</summary>
/// <param name="Status">Whether it is good.</param>
/// <param name="UserId">Its subject, when it is.</param>
/// <param name="ExpiresAt">Its expiry, when it is.</param>
/// <param name="Problem">For the holder: what is wrong and what to do; never contains the token.</param>
/// <param name="Role">What it lets its holder be, when it is good.</param>
/// <param name="Service">The one service that its holder may register and speak for; null when it names none. Only with <see cref="TokenRole.Service"/>.</param>
/// <param name="Consents">The services that the user allowed; null when the token does not restrict its holder to any.</param>
/// <param name="Identity">What it can be revoked by, when it is good.</param>
public sealed record TokenResult(
    TokenStatus Status,
    string UserId,
    DateTimeOffset ExpiresAt,
    string Problem,
    TokenRole Role = TokenRole.Member,
    string? Service = null,
    IReadOnlyList<string>? Consents = null,
    TokenIdentity? Identity = null);
