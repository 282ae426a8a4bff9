namespace RelayServer.Accounts.Http;

/// <summary>One way to sign in to one's account; the time is in seconds since 1970.</summary>
internal sealed record IdentityAnswer(string Id, string Kind, string Label, long LinkedAt);
