using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace RelayServer.Edge.Transport;

/// <summary>Sends through the connection's pipe: for TLS, and for any engine that has no bare socket to offer.</summary>
internal sealed class PipeSink(ConnectionContext connection) : IOutboundSink
{
    private readonly PipeWriter _output = connection.Transport.Output;
    private Task<FlushResult>? _flushing;
    private bool _isGone;

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_isGone)
        {
            return -1;
        }

        if (_flushing is { IsCompleted: false })
        {
            return 0;
        }

        try
        {
            _flushing = null;
            _output.Write(bytes);
            ValueTask<FlushResult> flush = _output.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                _isGone = flush.Result.IsCompleted;
            }
            else
            {
                _flushing = flush.AsTask();
            }
        }
        catch (InvalidOperationException)
        {
            _isGone = true;
        }

        return _isGone ? -1 : bytes.Length;
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_flushing is { } flushing)
        {
            try
            {
                _isGone |= (await flushing).IsCompleted;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever the transport says, the connection is of no more use.
                _isGone = true;
            }

            _flushing = null;
        }

        return _isGone ? -1 : TrySend(bytes.Span);
    }

    public void Complete()
    {
        if (!_isGone)
        {
            _output.Complete();
            _isGone = true;
        }
    }

    public void Abort() => connection.Abort();
}
