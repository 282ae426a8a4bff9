using System.Text;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Admin;

/// <summary>
/// Stands where a connection would: takes every frame at once, and of them what answers the request that is waited for. The
/// frames come on a shard's thread, so nothing here waits.
/// </summary>
/// <param name="producerId">With <paramref name="number"/> the message that may be acknowledged; of a query 0.</param>
/// <param name="number">Its number.</param>
internal sealed class AnswerSink(ulong producerId, ulong number) : IOutboundSink
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<AdminAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _correlation;
    private AdminAnswer? _closed;

    /// <summary>The session was closed: there is no use in asking again.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) is not null;

    /// <summary>The answer to a frame of this correlation, whenever it comes. What answers an earlier frame counts no more, but an ack does.</summary>
    public Task<AdminAnswer> Expect(uint correlation)
    {
        lock (_lock)
        {
            _correlation = correlation;
            if (_answer.Task.IsCompleted)
            {
                _answer = new TaskCompletionSource<AdminAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (_closed is not null)
            {
                _answer.TrySetResult(_closed);
            }

            return _answer.Task;
        }
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            for (ReadOnlySpan<byte> rest = bytes; rest.Length >= FrameHeader.SizeBytes;)
            {
                FrameHeader.TryRead(rest, out FrameHeader header);
                int frameBytes = FrameHeader.SizeBytes + (int)header.BodyBytes;
                Take(header, rest[FrameHeader.SizeBytes..frameBytes]);
                rest = rest[frameBytes..];
            }
        }

        return bytes.Length;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => new(TrySend(bytes.Span));

    public void Complete()
    {
        // No connection that would have to end.
    }

    public void Abort()
    {
        // The same.
    }

    private void Take(FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Type)
        {
            case FrameType.PubAck when PubAckBody.TryDecode(body, out PubAckBody ack) == DecodeStatus.Ok && ack.ProducerId == producerId:
                Acknowledge(ack);
                break;
            case FrameType.Answer when header.Correlation == _correlation:
                _answer.TrySetResult(new AdminAnswer(ErrorCode.None) { Body = body.ToArray() });
                break;
            case FrameType.Error when header.Correlation == _correlation && ErrorBody.TryDecode(body, out ErrorBody error) == DecodeStatus.Ok:
                _answer.TrySetResult(new AdminAnswer(error.Code, Encoding.UTF8.GetString(error.Text), error.RetryAfterMilliseconds));
                break;
            case FrameType.Close when CloseBody.TryDecode(body, out CloseBody close) == DecodeStatus.Ok:
                _closed = new AdminAnswer(close.Code, Encoding.UTF8.GetString(close.Text), close.BackoffMilliseconds);
                _answer.TrySetResult(_closed);
                break;
        }
    }

    private void Acknowledge(in PubAckBody ack)
    {
        foreach ((ulong acked, ulong seq) in ack)
        {
            if (acked == number)
            {
                _answer.TrySetResult(new AdminAnswer(ErrorCode.None) { Position = ack.Log with { Seq = seq } });
            }
        }
    }
}
