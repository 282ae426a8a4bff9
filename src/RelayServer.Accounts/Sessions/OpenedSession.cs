namespace RelayServer.Accounts.Sessions;

/// <summary>A sign-in whose tokens can be made.</summary>
internal sealed record OpenedSession(
    string UserId, string SessionId, long Generation, byte[] Seed, long ExpiresAt, IReadOnlyList<string> Consents, bool IsNewAccount);
