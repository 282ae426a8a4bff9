using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A message sent without asking for an ack, or a reaction, was refused.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Number">Its number; 0 for reactions.</param>
/// <param name="Code">Why.</param>
/// <param name="Text">The same for people.</param>
public sealed record RelayRefusal(string Channel, ulong Number, ErrorCode Code, string Text);
