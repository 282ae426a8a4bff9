using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace RelayServer.Hosting;

/// <summary>Says for the operator why a listener could not start.</summary>
internal static class ListenProblem
{
    /// <summary>The failure in one line.</summary>
    /// <param name="address">Where it should have listened.</param>
    /// <param name="key">The setting that says so.</param>
    /// <param name="option">The command-line option that changes it; null for the one of all settings.</param>
    /// <param name="problem">What happened.</param>
    public static StartException Describe(IPEndPoint address, string key, string? option, Exception problem)
    {
        string with = option is null ? $"--set {key}=" : $"{option} ";
        string reason = ReasonOf(problem) switch
        {
            SocketError.AddressAlreadyInUse =>
                $"another program listens there; stop it, or choose another port with {with}{WithFreePort(address)}",
            SocketError.AccessDenied => $"the port needs more rights; choose one above 1023 with {with}HOST:PORT",
            SocketError.AddressNotAvailable => $"this machine does not have that address; choose one that it has with {with}HOST:PORT",
            _ => $"{problem.Message.TrimEnd('.')}; choose another address with {with}HOST:PORT",
        };
        return new StartException($"cannot listen on {address} ({key}): {reason}", problem);
    }

    private static SocketError? ReasonOf(Exception? problem) => problem switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        AddressInUseException => SocketError.AddressAlreadyInUse,
        _ => ReasonOf(problem.InnerException),
    };

    private static IPEndPoint WithFreePort(IPEndPoint address) =>
        new(address.Address, address.Port is > 0 and < IPEndPoint.MaxPort - 100 ? address.Port + 100 : address.Port - 100);
}
