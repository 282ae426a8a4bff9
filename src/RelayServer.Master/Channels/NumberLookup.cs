namespace RelayServer.Master.Channels;

/// <summary>What a channel knows of a message number.</summary>
internal enum NumberLookup
{
    /// <summary>Never logged inside the retention window: take it.</summary>
    New,

    /// <summary>Logged; its place is known.</summary>
    Known,

    /// <summary>As low as numbers that retention has removed: nobody can tell.</summary>
    Expired,
}
