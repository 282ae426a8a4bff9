using System.Threading.Channels;
using RelayServer.Edge.Admin;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>The edge behind an operator's session, played by the test: it sees the frames, and answers when it likes.</summary>
internal sealed class ServerSide(string user, IOutboundSink sink) : IOperatorSession
{
    private readonly Channel<(FrameHeader Header, byte[] Body)> _frames = Channel.CreateUnbounded<(FrameHeader, byte[])>();

    public string User { get; } = user;

    public bool IsDisposed { get; private set; }

    public ValueTask<(FrameHeader Header, byte[] Body)> NextFrameAsync() => _frames.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        FrameHeader.TryRead(frame.Span, out FrameHeader header);
        _frames.Writer.TryWrite((header, frame[FrameHeader.SizeBytes..].ToArray()));
        return ValueTask.CompletedTask;
    }

    /// <summary>Acknowledges a PUBLISH at a place of generation 2, partition 0, epoch 7.</summary>
    public void Acknowledge(byte[] publishBody, ulong seq)
    {
        PublishBody.TryDecode(publishBody, out PublishBody publish);
        Acknowledge(publish.ProducerId, publish.Number, seq);
    }

    public void Acknowledge(ulong producerId, ulong number, ulong seq)
    {
        Span<byte> pairs = stackalloc byte[2 * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(pairs);
        writer.WriteUInt64(number);
        writer.WriteUInt64(seq);
        Span<byte> body = stackalloc byte[256];
        new PubAckBody { Channel = "room.1"u8, ProducerId = producerId, Log = new Position(2, 0, 7, 0), Count = 1, EncodedPairs = pairs[..writer.WrittenBytes] }
            .TryEncode(body, out int bytes);
        Send(FrameType.PubAck, 0, body[..bytes]);
    }

    public void Refuse(uint correlation, ErrorCode code, uint retryAfterMilliseconds = 0)
    {
        Span<byte> body = stackalloc byte[256];
        new ErrorBody { Code = code, Text = "the reason"u8, RetryAfterMilliseconds = retryAfterMilliseconds }.TryEncode(body, out int bytes);
        Send(FrameType.Error, correlation, body[..bytes]);
    }

    public void Close(ErrorCode code)
    {
        Span<byte> body = stackalloc byte[256];
        new CloseBody { Code = code, Text = "goodbye"u8, BackoffMilliseconds = 5 }.TryEncode(body, out int bytes);
        Send(FrameType.Close, 0, body[..bytes]);
    }

    public void Send(FrameType type, uint correlation, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + body.Length];
        new FrameHeader((uint)body.Length, type, FrameFlags.None, correlation).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        Assert.Equal(frame.Length, sink.TrySend(frame));
    }

    public void Dispose() => IsDisposed = true;
}
