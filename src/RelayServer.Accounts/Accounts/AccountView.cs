namespace RelayServer.Accounts.Accounts;

/// <summary>What somebody sees of their own account.</summary>
internal sealed record AccountView(
    string UserId, string? Handle, IReadOnlyList<IdentityRow> Identities, IReadOnlyList<string> Consents, long Sessions);
