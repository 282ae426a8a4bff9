using System.Diagnostics.CodeAnalysis;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a call gets after the client has ended.</summary>
internal static class ClientFailure
{
    /// <summary>Throws what ended the client, as a new exception: one object must not be thrown by many threads.</summary>
    public static void ThrowIfAny(Exception? failure)
    {
        if (failure is not null)
        {
            Throw(failure);
        }
    }

    [DoesNotReturn]
    private static void Throw(Exception failure)
    {
        ObjectDisposedException.ThrowIf(failure is ObjectDisposedException, typeof(RelayClient));
        throw new RelayException((failure as RelayException)?.Code ?? ErrorCode.None, failure.Message, failure);
    }
}
