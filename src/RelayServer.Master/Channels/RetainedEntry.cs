namespace RelayServer.Master.Channels;

/// <summary>What retention needs to know of a log entry.</summary>
internal readonly record struct RetainedEntry(ulong Epoch, ulong FirstSeq, ulong LastSeq, ulong AtMilliseconds);
