using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Why something is not done; goes into an ERROR as it is.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Text">For people, in English; at most <see cref="ProtocolLimits.TextBytesMax"/> bytes, and of what clients sent only the reason of what was laid on the one who is refused.</param>
/// <param name="RetryAfterMilliseconds">When it may be otherwise; 0 when that is not known.</param>
public sealed record ControlRefusal(ErrorCode Code, string Text, uint RetryAfterMilliseconds = 0);
