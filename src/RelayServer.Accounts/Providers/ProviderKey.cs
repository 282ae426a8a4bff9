using Microsoft.IdentityModel.Tokens;

namespace RelayServer.Accounts.Providers;

/// <summary>A public key of a provider with the one algorithm that it is for.</summary>
internal sealed record ProviderKey(string Id, string Algorithm, SecurityKey Key);
