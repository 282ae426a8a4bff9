using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>What a member was told, in the order in which it was.</summary>
/// <param name="At">Where it then stands.</param>
/// <param name="IsMove">It was moved there; else it was given the message of that place.</param>
/// <param name="Text">The message; empty when it is none of a member's.</param>
/// <param name="Edge">The edge that it was connected to; null when that may have been another.</param>
internal readonly record struct HeardEvent(Position At, bool IsMove, string Text, string? Edge);
