namespace RelayServer.Accounts.Http;

/// <summary>The services that the user allowed.</summary>
internal sealed record ConsentsAnswer(IReadOnlyList<string> Consents);
