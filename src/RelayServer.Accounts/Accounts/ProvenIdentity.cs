namespace RelayServer.Accounts.Accounts;

/// <summary>Something that somebody has shown to be theirs.</summary>
/// <param name="Kind">One of <see cref="IdentityKind"/>.</param>
/// <param name="Name">The keyed hash that it is found by.</param>
/// <param name="Label">What its owner sees of it.</param>
/// <param name="Secret">The hash of the password; null for the others.</param>
internal sealed record ProvenIdentity(string Kind, string Name, string Label, string? Secret = null);
