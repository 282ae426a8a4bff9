using System.Net.Sockets;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Connections;

/// <summary>What ended a command that was connected, or wanted to be, and what may be done about it.</summary>
internal static class ConnectionAdvice
{
    public static string For(RelayException e) => e switch
    {
        { Code: ErrorCode.TokenExpired } => $"{e.Message}; 'relay login' signs in, and on the relay's machine 'relay token --user ID' makes one",
        { Code: ErrorCode.TokenInvalid, InnerException: null } =>
            $"{e.Message}; a relay that was set up anew has a new key and needs a new token",
        { InnerException: RelayException inner } => For(inner),
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            $"{e.Message}; is a relay running there? 'relay' starts one, --edge HOST:PORT names another",
        _ => e.Message,
    };
}
