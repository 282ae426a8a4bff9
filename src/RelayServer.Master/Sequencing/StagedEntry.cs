using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>A log entry that is complete and waits for its flush; one that is skipped is logged and told, but not relayed.</summary>
internal readonly record struct StagedEntry(PartitionLog Log, ulong FirstSeq, ulong LastSeq, PooledBuffer Body, bool IsSkipped);
