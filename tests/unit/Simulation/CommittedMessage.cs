using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A message that was in the log at some time: who sent it, and what the log's end was before its entry.</summary>
internal sealed record CommittedMessage(string User, ulong ProducerId, ulong Number, Position At, Position EntryFollows, ulong EntryFirstSeq);
