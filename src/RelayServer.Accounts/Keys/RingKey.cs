using RelayServer.Identity;

namespace RelayServer.Accounts.Keys;

/// <summary>A key and when it begins to sign, in milliseconds since 1970.</summary>
internal sealed record RingKey(SigningKey Key, long ActiveFrom);
