using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a call gets after the client has ended.</summary>
internal static class ClientFailure
{
    /// <summary>Throws what ended the client.</summary>
    public static void ThrowIfAny(Exception? failure)
    {
        if (failure is not null)
        {
            throw Copy(failure);
        }
    }

    /// <summary>What ended the client, as a new exception: one object must not be thrown by many threads.</summary>
    public static Exception Copy(Exception failure) => failure is ObjectDisposedException
        ? new ObjectDisposedException(typeof(RelayClient).FullName)
        : new RelayException((failure as RelayException)?.Code ?? ErrorCode.None, failure.Message, failure);
}
