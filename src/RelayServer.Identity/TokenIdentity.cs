namespace RelayServer.Identity;

/// <summary>What a token can be revoked by, besides its user.</summary>
/// <param name="Issuer">Who made it.</param>
/// <param name="TokenId">Its <c>jti</c>; empty when it has none.</param>
/// <param name="SessionId">Its <c>sid</c>, the sign-in that it belongs to; empty when it has none.</param>
public sealed record TokenIdentity(string Issuer, string TokenId, string SessionId);
