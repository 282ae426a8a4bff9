using RelayServer.Master.Channels;
using RelayServer.Master.Links;

namespace RelayServer.Master.Sequencing;

/// <summary>What the acks of one PUB_ACK have in common; the alias is what the sender calls the channel, where that is not its name.</summary>
internal readonly record struct AckKey(EdgeLink Link, ulong Session, PartitionLog Log, ulong ProducerId, ulong Epoch, byte[]? Alias = null);
