using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a call gets that needs a part of the protocol which the present edge does not have.</summary>
internal static class MissingCapability
{
    public static RelayException Rooms() =>
        new(ErrorCode.UnsupportedVersion, "this relay does not know rooms (the capability 'rooms'): it is older than this client");

    public static RelayException Services() =>
        new(ErrorCode.UnsupportedVersion, "this relay does not know services (the capability 'services'), or this client was told not to use them");
}
