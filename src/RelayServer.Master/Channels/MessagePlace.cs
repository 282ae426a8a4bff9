namespace RelayServer.Master.Channels;

/// <summary>Where a message is: the only place, or for one that went to every partition the first of them.</summary>
internal readonly record struct MessagePlace(PartitionLog Log, ulong Epoch, ulong Seq)
{
    /// <summary>It has left its log.</summary>
    public bool IsTrimmed => Seq <= Log.Retention.TrimmedSeq;
}
