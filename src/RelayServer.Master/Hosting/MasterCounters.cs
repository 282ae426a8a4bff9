namespace RelayServer.Master.Hosting;

/// <summary>Running totals of the state machine; read by the metrics, written by its one thread.</summary>
internal sealed class MasterCounters
{
    public long Publishes;
    public long Duplicates;
    public long Refusals;
    public long InterestsRefused;
    public long ChannelsEvicted;
    public long Ephemerals;
    public long EphemeralsDropped;
    public long EntryBytes;
    public long RelayBytes;
    public long ChannelsExpired;
}
