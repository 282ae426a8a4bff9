namespace RelayServer.Fabric;

/// <summary>What a Redis node is in its deployment.</summary>
internal enum RedisRole
{
    /// <summary>Not asked yet.</summary>
    Unknown,

    /// <summary>It does not answer.</summary>
    Unreachable,

    /// <summary>It follows another one and takes no writes.</summary>
    Replica,

    /// <summary>It takes writes.</summary>
    Primary,
}
