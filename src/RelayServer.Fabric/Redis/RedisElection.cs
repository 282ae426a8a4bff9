namespace RelayServer.Fabric;

/// <summary>
/// Chooses among the nodes that the options name, in the same way in every process. One primary: that one. Several
/// happen when a primary that had been replaced comes back as one: then the claim says which history goes on, because
/// masters claim the slots again on every new primary. Where it does not say, none is used: two halves of a deployment
/// would each acknowledge messages that the other one never has.
/// </summary>
internal static class RedisElection
{
    /// <param name="nodes">All named nodes, each asked at least once.</param>
    /// <param name="used">The node that was used last, as it was then; null when none was.</param>
    public static RedisChoice Choose(IReadOnlyList<RedisNodeState> nodes, RedisNodeState? used)
    {
        int[] primaries = [.. Enumerable.Range(0, nodes.Count).Where(i => nodes[i].Role == RedisRole.Primary).OrderByDescending(i => nodes[i].ClaimEpoch)];
        if (primaries.Length == 0 || nodes.Any(node => node.Role == RedisRole.Unknown))
        {
            return new(-1, Unavailable(nodes), false, null);
        }

        RedisNodeState first = nodes[primaries[0]];
        string? second = primaries.Length > 1 ? nodes[primaries[1]].Endpoint : null;
        if (second is not null && nodes[primaries[1]].ClaimEpoch == first.ClaimEpoch)
        {
            return new(-1, Conflict(first.Endpoint, second), true, null);
        }

        // Else a moment without the real primary would be enough to go back to one that it had replaced.
        return used is { } last && last.Endpoint != first.Endpoint && last.ClaimEpoch > first.ClaimEpoch
            ? new(-1, Stale(first.Endpoint, last.Endpoint), true, null)
            : new(primaries[0], null, false, second);
    }

    private static string Unavailable(IReadOnlyList<RedisNodeState> nodes) => nodes.Count == 1 && nodes[0].Role != RedisRole.Replica
        ? $"Redis at {Describe(nodes[0])}"
        : $"no Redis primary: {string.Join("; ", nodes.Select(Describe))}";

    private static string Describe(RedisNodeState node) =>
        node.Endpoint + node.Role switch
        {
            RedisRole.Primary => " is the primary",
            RedisRole.Replica => " is a replica",
            RedisRole.Unknown => " has not answered yet",
            _ => $" cannot be reached ({node.Failure})",
        };

    private static string Conflict(string first, string second) =>
        $"Redis at {first} and at {second} both say that they are the primary, and using either could lose messages: "
        + "make one a replica of the other (REPLICAOF), or name only the nodes of one deployment in Redis:Endpoints";

    private static string Stale(string stale, string last) =>
        $"Redis at {stale} says that it is the primary, but lacks the last claim seen at {last}, so messages too: "
        + $"bring back {last}, or restart this process to go on with {stale} as it is";
}
