using System.Security.Cryptography;
using System.Text;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Admin;

/// <summary>
/// Puts the requests of operators to the edge as frames of a client, each through a session of its own, and waits for the
/// answers. What is refused for now is sent again under the same number until its time is over: a control is done once,
/// however often it was sent. Safe for use from many threads.
/// </summary>
internal sealed class OperatorDesk : IDisposable
{
    // A refusal that names no time is not answered in a tight loop.
    private const uint RetryMillisecondsMin = 50;
    private const uint FullRetryMilliseconds = 1000;

    private readonly EdgeOptions _options;
    private readonly Func<string, IOutboundSink, IOperatorSession> _open;
    private readonly TimeProvider _time;
    private readonly ulong _producerId = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private readonly CancellationTokenSource _stopping = new();

    // Requests may still come when the source is gone: this one stays cancelled.
    private readonly CancellationToken _stopped;
    private ulong _lastNumber;
    private int _underWay;
    private volatile bool _isDraining;

    /// <summary>Nothing is under way at first.</summary>
    /// <param name="options">How many requests there may be, how long each may take, and how large its frame may be.</param>
    /// <param name="open">Opens a session of a user that answers into a sink.</param>
    /// <param name="time">The clock.</param>
    public OperatorDesk(EdgeOptions options, Func<string, IOutboundSink, IOperatorSession> open, TimeProvider time)
    {
        _options = options;
        _open = open;
        _time = time;
        _stopped = _stopping.Token;
    }

    /// <summary>Requests that have no answer yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public Task<AdminAnswer> ControlAsync(string room, RoomControl control, string user, CancellationToken cancellationToken)
    {
        ulong number = Interlocked.Increment(ref _lastNumber);
        byte[] channel = Encoding.UTF8.GetBytes(room);
        byte[] payload = control.Encode();
        byte[] body = new byte[PublishBody.OverheadBytesMax + channel.Length + payload.Length];
        new PublishBody { Channel = channel, ProducerId = _producerId, Number = number, Kind = MessageKind.Control, Payload = payload }
            .TryEncode(body, out int bodyBytes);
        return AskAsync(FrameType.Publish, FrameFlags.AckWanted, body.AsMemory(0, bodyBytes), new AnswerSink(_producerId, number), user, cancellationToken);
    }

    public Task<AdminAnswer> QueryAsync(in QueryBody query, string user, CancellationToken cancellationToken)
    {
        byte[] body = new byte[QueryBody.OverheadBytesMax + query.Channel.Length + query.Search.Length + query.After.Length];
        query.TryEncode(body, out int bodyBytes);
        return AskAsync(FrameType.Query, FrameFlags.None, body.AsMemory(0, bodyBytes), new AnswerSink(0, 0), user, cancellationToken);
    }

    /// <summary>Takes no new request; those under way end with their answers, or with the edge's sessions.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>The edge has stopped: what is still under way is answered so.</summary>
    public void Dispose()
    {
        _isDraining = true;
        if (!_stopped.IsCancellationRequested)
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task<AdminAnswer> AskAsync(
        FrameType type, FrameFlags flags, ReadOnlyMemory<byte> body, AnswerSink sink, string user, CancellationToken cancellationToken)
    {
        if (body.Length > _options.ClientFrameBytesMax)
        {
            return new AdminAnswer(ErrorCode.PayloadTooLarge, "the request is above what one frame takes");
        }

        if (_isDraining)
        {
            return new AdminAnswer(ErrorCode.Draining, "this edge is going away; ask another one", FullRetryMilliseconds);
        }

        try
        {
            return Interlocked.Increment(ref _underWay) <= _options.OperatorRequestsMax
                ? await AskInTimeAsync(type, flags, body, sink, user, cancellationToken)
                : new AdminAnswer(ErrorCode.Overloaded, "too many operators' requests are under way at this edge", FullRetryMilliseconds);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<AdminAnswer> AskInTimeAsync(
        FrameType type, FrameFlags flags, ReadOnlyMemory<byte> body, AnswerSink sink, string user, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(_options.OperatorTimeoutMilliseconds), _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, _stopped);
        using IOperatorSession session = _open(user, sink);
        AdminAnswer? last = null;
        try
        {
            for (uint correlation = 1; ; correlation++)
            {
                Task<AdminAnswer> answer = sink.Expect(correlation);
                await session.SendAsync(Frame(type, flags, correlation, body.Span), ending.Token);
                last = await answer.WaitAsync(ending.Token);
                if (last.Code.Family() != ErrorFamily.Retry || sink.IsClosed)
                {
                    return last;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(last.RetryAfterMilliseconds, RetryMillisecondsMin)), _time, ending.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string unknown = type == FrameType.Publish ? "; whether it was done is not known" : string.Empty;
            return _stopped.IsCancellationRequested
                ? new AdminAnswer(ErrorCode.ShuttingDown, "the edge has stopped" + unknown, FullRetryMilliseconds)
                : last ?? new AdminAnswer(ErrorCode.Unavailable, "no master answered in time" + unknown, FullRetryMilliseconds);
        }
    }

    private static byte[] Frame(FrameType type, FrameFlags flags, uint correlation, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + body.Length];
        new FrameHeader((uint)body.Length, type, flags, correlation).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        return frame;
    }
}
