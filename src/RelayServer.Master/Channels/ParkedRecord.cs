using RelayServer.Master.Links;

namespace RelayServer.Master.Channels;

/// <summary>A record that waits until its channel's log has been read.</summary>
internal readonly record struct ParkedRecord(EdgeLink Link, ulong BatchNo, byte[] Record);
