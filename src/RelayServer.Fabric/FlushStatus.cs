namespace RelayServer.Fabric;

/// <summary>What became of a flush.</summary>
public enum FlushStatus
{
    /// <summary>Everything is logged and was relayed.</summary>
    Committed,

    /// <summary>
    /// Nothing was applied: another master owns one of the slots, or wrote to one of the logs beyond what was to be
    /// appended.
    /// </summary>
    Fenced,

    /// <summary>
    /// Nothing was applied: the store is not the one on which the slots were claimed (it was replaced or lost its
    /// end). Claim again, above the epochs held so far.
    /// </summary>
    StoreChanged,

    /// <summary>Not known: flush the same again.</summary>
    Unavailable,
}
