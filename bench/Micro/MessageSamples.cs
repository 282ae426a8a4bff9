using RelayServer.Protocol;

namespace RelayServer.Bench.Micro;

/// <summary>The frames that the codec benchmarks work on: payloads of 128 bytes, and a batch as a busy room has it.</summary>
internal static class MessageSamples
{
    /// <summary>Payload of every sample message, in bytes.</summary>
    public const int PayloadBytes = 128;

    /// <summary>Messages of the sample batch.</summary>
    public const int BatchMessages = 64;

    /// <summary>A channel name of ordinary length.</summary>
    public static ReadOnlySpan<byte> Channel => "live-shop-4711"u8;

    private static ReadOnlySpan<byte> From => "user-000123"u8;

    /// <summary>A payload.</summary>
    public static byte[] Payload()
    {
        byte[] payload = new byte[PayloadBytes];
        payload.AsSpan().Fill((byte)'x');
        return payload;
    }

    /// <summary>An encoded PUBLISH body.</summary>
    public static byte[] Publish()
    {
        byte[] buffer = new byte[PublishBody.OverheadBytesMax + Channel.Length + PayloadBytes];
        var body = new PublishBody
        {
            Channel = Channel,
            ProducerId = 0x1234_5678_9ABC_DEF0,
            Number = 1_000_000,
            Kind = MessageKind.Data,
            Payload = Payload(),
        };
        return body.TryEncode(buffer, out int written) ? buffer[..written] : throw new InvalidOperationException("the sample does not fit");
    }

    /// <summary>An encoded DELIVER body.</summary>
    public static byte[] Deliver()
    {
        byte[] messages = new byte[BatchMessages * (DeliverMessage.OverheadBytesMax + From.Length + PayloadBytes)];
        byte[] payload = Payload();
        int length = 0;
        for (int i = 0; i < BatchMessages; i++)
        {
            var message = new DeliverMessage
            {
                Kind = MessageKind.Data,
                From = From,
                ProducerId = 0x1234_5678_9ABC_DEF0,
                Number = (ulong)(1_000_000 + i),
                Payload = payload,
            };
            _ = message.TryEncode(messages.AsSpan(length), out int written);
            length += written;
        }

        byte[] buffer = new byte[DeliverBody.OverheadBytesMax + Channel.Length + length];
        var body = new DeliverBody
        {
            Channel = Channel,
            First = new Position(0, 0, 7, 1_000_000),
            AtMilliseconds = 1_767_225_600_000,
            Count = BatchMessages,
            EncodedMessages = messages.AsSpan(0, length),
        };
        return body.TryEncode(buffer, out int bodyBytes) ? buffer[..bodyBytes] : throw new InvalidOperationException("the sample does not fit");
    }
}
