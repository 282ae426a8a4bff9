namespace RelayServer.Fabric;

/// <summary>What a master commits in one atomic, fenced step.</summary>
public sealed class FabricFlush
{
    /// <summary>The slots that the flush speaks for, with the epochs at which they are held.</summary>
    public List<SlotOwner> Slots { get; } = [];

    /// <summary>Entries to append, each to a log at most once or in growing order.</summary>
    public List<FabricAppend> Appends { get; } = [];

    /// <summary>Entries to take away, after the appends.</summary>
    public List<FabricTrim> Trims { get; } = [];

    /// <summary>Named values to write; the later of two with one name stays.</summary>
    public List<FabricRecord> Records { get; } = [];

    /// <summary>
    /// Logs to delete with all their entries, after the appends and trims; one that is not there is passed over. A log must
    /// not be appended to in the same flush; later it may be, and then begins anew at any epoch and number.
    /// </summary>
    public List<LogKey> Drops { get; } = [];

    /// <summary>Messages to edges; sent only when everything was appended, in this order.</summary>
    public List<FabricRelay> Relays { get; } = [];

    /// <summary>Empties it for the next use.</summary>
    public void Clear()
    {
        Slots.Clear();
        Appends.Clear();
        Trims.Clear();
        Records.Clear();
        Drops.Clear();
        Relays.Clear();
    }
}
