using RelayServer.Edge.Transport;

namespace RelayServer.Bench.Micro;

/// <summary>A connection that takes everything at once.</summary>
internal sealed class TakingSink : IOutboundSink
{
    public int TrySend(ReadOnlySpan<byte> bytes) => bytes.Length;

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => ValueTask.FromResult(bytes.Length);

    public void Complete()
    {
    }

    public void Abort()
    {
    }
}
