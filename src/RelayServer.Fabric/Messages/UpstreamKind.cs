namespace RelayServer.Fabric;

/// <summary>What a record in an edge's batch is.</summary>
public enum UpstreamKind : byte
{
    /// <summary><c>[1, session, correlation, flags, user_id, PUBLISH body]</c>.</summary>
    Publish = 1,

    /// <summary><c>[2, channel]</c>: tell the top, and relay the channel from there.</summary>
    Interest = 2,

    /// <summary><c>[3, channel]</c>: relay it no longer.</summary>
    Disinterest = 3,
}
