namespace RelayServer.Fabric;

/// <summary>What is known of one named node.</summary>
/// <param name="Endpoint">As <c>host:port</c>.</param>
/// <param name="Role">What it says that it is.</param>
/// <param name="ClaimEpoch">Of a primary: the epoch at which the slots were claimed on it last; 0 when never.</param>
/// <param name="Failure">Why it cannot be used, when it cannot be reached.</param>
internal readonly record struct RedisNodeState(string Endpoint, RedisRole Role, ulong ClaimEpoch, string? Failure);
