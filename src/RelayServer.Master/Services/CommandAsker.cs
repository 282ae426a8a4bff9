using RelayServer.Master.Links;

namespace RelayServer.Master.Services;

/// <summary>The session that waits for the answer to a command.</summary>
/// <param name="Link">Its edge.</param>
/// <param name="Session">Which one there.</param>
/// <param name="Id">What its edge calls the command.</param>
internal readonly record struct CommandAsker(EdgeLink Link, ulong Session, uint Id);
