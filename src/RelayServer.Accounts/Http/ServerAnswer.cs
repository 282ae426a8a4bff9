namespace RelayServer.Accounts.Http;

/// <summary>What clients can do here.</summary>
internal sealed record ServerAnswer(
    string Issuer, string Audience, bool Phone, bool Password, IReadOnlyList<string> Providers, bool Registration, int PasswordCharactersMin);
