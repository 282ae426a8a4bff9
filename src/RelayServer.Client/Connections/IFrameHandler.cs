using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>What a <see cref="Connection"/> hands its frames to.</summary>
internal interface IFrameHandler
{
    /// <summary>
    /// Takes one frame; <paramref name="body"/> is valid until the task completes, and the socket is not read until then.
    /// </summary>
    /// <exception cref="ProtocolFaultException">The frame cannot be right.</exception>
    ValueTask HandleAsync(Connection connection, FrameHeader header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
