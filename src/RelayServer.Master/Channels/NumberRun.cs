namespace RelayServer.Master.Channels;

/// <summary>Consecutive message numbers of one producer at consecutive places of one log and epoch.</summary>
internal struct NumberRun
{
    public ulong FirstNumber;
    public ulong FirstSeq;
    public ulong Epoch;
    public uint Count;
    public PartitionLog Log;

    public readonly ulong LastNumber => FirstNumber + Count - 1;

    public readonly ulong LastSeq => FirstSeq + Count - 1;

    /// <summary>All of it has left its log.</summary>
    public readonly bool IsTrimmed => LastSeq <= Log.Retention.TrimmedSeq;
}
