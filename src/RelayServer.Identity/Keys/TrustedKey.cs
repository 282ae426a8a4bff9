namespace RelayServer.Identity;

/// <summary>A key together with the only issuer whose tokens it may check.</summary>
/// <param name="Issuer">What <c>iss</c> must be, exactly.</param>
/// <param name="Key">The key.</param>
public sealed record TrustedKey(string Issuer, SigningKey Key);
