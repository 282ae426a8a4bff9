namespace RelayServer.Identity;

/// <summary>The outcome of validating a token.</summary>
/// <param name="Status">Whether it is good.</param>
/// <param name="UserId">Its subject, when it is.</param>
/// <param name="ExpiresAt">Its expiry, when it is.</param>
/// <param name="Problem">For the holder: what is wrong and what to do; never contains the token.</param>
/// <param name="Role">What it lets its holder be, when it is good.</param>
public sealed record TokenResult(
    TokenStatus Status, string UserId, DateTimeOffset ExpiresAt, string Problem, TokenRole Role = TokenRole.Member);
