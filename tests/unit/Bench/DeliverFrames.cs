using RelayServer.Bench.Load;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Bench;

/// <summary>Builds the frames that a relay would send to a member of a load run.</summary>
internal static class DeliverFrames
{
    public const string Channel = "room";

    /// <summary>A DELIVER of messages of publisher 0 with these numbers, from a sequence number on.</summary>
    public static byte[] Batch(ulong firstSeq, params long[] numbers)
    {
        byte[] buffer = new byte[64 * 1024];
        byte[] messages = new byte[32 * 1024];
        byte[] payload = new byte[LoadMessage.SizeBytes + 8];
        int length = 0;
        foreach (long number in numbers)
        {
            new LoadMessage(LoadPhase.Measured, 0, number, number).Write(payload);
            var message = new DeliverMessage { Kind = MessageKind.Data, From = "u"u8, ProducerId = 1, Number = (ulong)number + 1, Payload = payload };
            Assert.True(message.TryEncode(messages.AsSpan(length), out int written));
            length += written;
        }

        var body = new DeliverBody
        {
            Channel = System.Text.Encoding.ASCII.GetBytes(Channel),
            First = new Position(0, 0, 1, firstSeq),
            Count = numbers.Length,
            EncodedMessages = messages.AsSpan(0, length),
        };
        Assert.True(body.TryEncode(buffer.AsSpan(FrameHeader.SizeBytes), out int bodyBytes));
        new FrameHeader((uint)bodyBytes, FrameType.Deliver, FrameFlags.None, 0).Write(buffer);
        return buffer[..(FrameHeader.SizeBytes + bodyBytes)];
    }

    /// <summary>A PONG.</summary>
    public static byte[] Pong()
    {
        byte[] frame = new byte[FrameHeader.SizeBytes];
        new FrameHeader(0, FrameType.Pong, FrameFlags.None, 7).Write(frame);
        return frame;
    }
}
