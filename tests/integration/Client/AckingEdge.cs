using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>
/// Acks every publish of a session as fast as they come, one PUB_ACK for all that one read brought, without allocating
/// per message: what is measured against it is the client.
/// </summary>
internal sealed class AckingEdge(ScriptedSession session, string channel)
{
    private readonly byte[] _pairs = new byte[ProtocolLimits.PubAckMessagesMax * 2 * MessagePackWriter.IntegerBytesMax];
    private readonly byte[] _frame = new byte[ProtocolLimits.ServerFrameBytesMax];
    private readonly byte[] _channel = Encoding.UTF8.GetBytes(channel);
    private readonly byte[] _body = new byte[ProtocolLimits.ClientFrameBytesMax];

    /// <summary>Acks until the client closes.</summary>
    public async Task RunAsync()
    {
        PipeReader reader = PipeReader.Create(session.Stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            ReadOnlySequence<byte> buffer = read.Buffer;
            int frameBytes = Answer(ref buffer);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (frameBytes > 0)
            {
                await session.Stream.WriteAsync(_frame.AsMemory(0, frameBytes));
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private int Answer(ref ReadOnlySequence<byte> buffer)
    {
        var writer = new MessagePackWriter(_pairs);
        ulong producerId = 0;
        int count = 0;
        while (count < ProtocolLimits.PubAckMessagesMax
            && FrameReader.TryRead(ref buffer, ProtocolLimits.ClientFrameBytesMax, out FrameHeader header, out ReadOnlySequence<byte> body)
                == FrameReadStatus.Complete)
        {
            if (header.Type != FrameType.Publish)
            {
                continue;
            }

            body.CopyTo(_body);
            PublishBody.TryDecode(_body.AsSpan(0, (int)body.Length), out PublishBody publish);
            producerId = publish.ProducerId;
            writer.WriteUInt64(publish.Number);
            writer.WriteUInt64(publish.Number);
            count++;
        }

        if (count == 0)
        {
            return 0;
        }

        var ack = new PubAckBody
        {
            Channel = _channel,
            ProducerId = producerId,
            Log = new Position(0, 0, 1, 0),
            Count = count,
            EncodedPairs = _pairs.AsSpan(0, writer.WrittenBytes),
        };
        ack.TryEncode(_frame.AsSpan(FrameHeader.SizeBytes), out int bodyBytes);
        new FrameHeader((uint)bodyBytes, FrameType.PubAck, FrameFlags.None, 0).Write(_frame);
        return FrameHeader.SizeBytes + bodyBytes;
    }
}
