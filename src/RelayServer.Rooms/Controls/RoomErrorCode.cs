using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The codes that only rooms have.</summary>
internal static class RoomErrorCode
{
    public const ErrorCode SlowMode = (ErrorCode)1011;
    public const ErrorCode BadArgument = (ErrorCode)3015;
    public const ErrorCode Banned = (ErrorCode)3016;
    public const ErrorCode Muted = (ErrorCode)3017;
    public const ErrorCode Kicked = (ErrorCode)3018;
    public const ErrorCode NotOpen = (ErrorCode)3019;
    public const ErrorCode Filtered = (ErrorCode)3020;
    public const ErrorCode Conflict = (ErrorCode)3021;
    public const ErrorCode NotFound = (ErrorCode)3022;
}
