namespace RelayServer.Accounts.Http;

/// <summary>One's own account.</summary>
internal sealed record AccountAnswer(
    string UserId, string? Handle, IReadOnlyList<IdentityAnswer> Identities, IReadOnlyList<string> Consents, long Sessions);
