namespace RelayServer.Edge.Admin;

/// <summary>A session of the edge that an operator's request speaks through; gone when it is disposed.</summary>
internal interface IOperatorSession : IDisposable
{
    /// <summary>Hands one frame to the edge, once there is room for it.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);
}
