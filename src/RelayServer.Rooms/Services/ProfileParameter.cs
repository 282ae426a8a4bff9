using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What a verb of a service wants to know.</summary>
/// <param name="Name">Shown in help.</param>
/// <param name="Summary">For people.</param>
/// <param name="Kind">What is allowed.</param>
/// <param name="IsOptional">It may be left out.</param>
public sealed record ProfileParameter(string Name, string Summary, ParameterKind Kind, bool IsOptional);
