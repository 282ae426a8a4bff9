using RelayServer.Master.Channels;
using RelayServer.Master.Links;

namespace RelayServer.Master.Sequencing;

/// <summary>What the acks of one PUB_ACK have in common.</summary>
internal readonly record struct AckKey(EdgeLink Link, ulong Session, PartitionLog Log, ulong ProducerId, ulong Epoch);
