namespace RelayServer.Fabric;

/// <summary>Which of the named nodes is used.</summary>
/// <param name="Node">Its index; −1 when none can be.</param>
/// <param name="Reason">Why none can be used, for an operator; null when one can.</param>
/// <param name="IsRefusal">A primary is there and is not used: an operator must act.</param>
/// <param name="Leftover">Another node that says that it is the primary, of an older claim; null when there is none.</param>
internal readonly record struct RedisChoice(int Node, string? Reason, bool IsRefusal, string? Leftover);
