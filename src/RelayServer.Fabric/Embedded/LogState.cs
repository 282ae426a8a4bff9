namespace RelayServer.Fabric;

/// <summary>What the writer remembers of one log, so that an append need not look anything up.</summary>
internal sealed class LogState
{
    /// <summary>Row in <c>logs</c>; 0 while there is none.</summary>
    public ulong Id { get; set; }

    /// <summary>The log's last entry; (0, 0) while it is empty.</summary>
    public (ulong Epoch, ulong Seq) Last { get; set; }

    /// <summary>Trimming is put off until this many further appends; 0 lets the next one do it.</summary>
    public int AppendsUntilTrim { get; set; }

    /// <summary>Number of the flush that <see cref="NextIsDone"/> belongs to.</summary>
    public long Flush { get; set; }

    /// <summary>True when the append to this log that comes next in the flush is in the log already.</summary>
    public bool NextIsDone { get; set; }
}
