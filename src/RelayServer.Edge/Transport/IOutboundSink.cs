namespace RelayServer.Edge.Transport;

/// <summary>
/// The narrow seam to the connection engine: bytes out, without waiting where possible. Used by one thread at a time.
/// </summary>
internal interface IOutboundSink
{
    /// <summary>Takes what can be taken without waiting: bytes taken, 0 when none now, -1 when the connection is gone.</summary>
    int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until bytes can be taken: how many were, -1 when the connection is gone. Never throws.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Nothing more will be sent; what was taken still goes out.</summary>
    void Complete();

    /// <summary>Ends the connection at once.</summary>
    void Abort();
}
