using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The limits fit one another: what one allows, the other can carry.</summary>
[Trait("Must", "R-LIMIT-1")]
public sealed class LimitTests
{
    private static byte[] Channel => Filled(ProtocolLimits.InboxNameBytesMax);

    [Fact]
    public void PublishBody_LargestPayloadAndName_FitsAClientFrame()
    {
        var body = new PublishBody
        {
            Channel = Channel,
            ProducerId = ulong.MaxValue,
            Number = ProtocolLimits.NumberMax,
            Kind = MessageKind.Data,
            Payload = Filled(ProtocolLimits.PayloadBytesMax),
        };
        Assert.True(body.TryEncode(new byte[ProtocolLimits.ClientFrameBytesMax], out int writtenBytes));
        Assert.InRange(writtenBytes, 0, PublishBody.OverheadBytesMax + body.Channel.Length + body.Payload.Length);
    }

    [Fact]
    public void DeliverBody_TargetReachedByTheLargestMessage_FitsAServerFrame()
    {
        int largestMessageBytes =
            DeliverMessage.OverheadBytesMax + ProtocolLimits.UserIdBytesMax + ProtocolLimits.PayloadBytesMax;
        int largestBodyBytes = ProtocolLimits.DeliverBodyBytesTarget - 1 + largestMessageBytes;
        Assert.InRange(largestBodyBytes, 0, ProtocolLimits.ServerFrameBytesMax);
    }

    [Fact]
    public void OverheadBytesMax_OfDeliver_CoversTheLargestNumbers()
    {
        var largest = new Position(ProtocolLimits.NumberMax, uint.MaxValue, ProtocolLimits.NumberMax, ProtocolLimits.NumberMax - 70_000);
        var message = new DeliverMessage { Kind = (MessageKind)255, From = Filled(128), ProducerId = ulong.MaxValue, Number = ProtocolLimits.NumberMax, Payload = Filled(65_536) };
        var encoded = new byte[DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length];
        Assert.True(message.TryEncode(encoded, out int messageBytes));

        var body = new DeliverBody { Channel = Channel, First = largest, AtMilliseconds = ProtocolLimits.NumberMax, Count = 65_536, EncodedMessages = encoded.AsSpan(0, messageBytes) };
        Assert.True(body.TryEncode(new byte[DeliverBody.OverheadBytesMax + Channel.Length + messageBytes], out _));
    }

    [Fact]
    public void PubAckBody_MostMessages_FitsAServerFrame()
    {
        var pairs = new byte[2 * ProtocolLimits.PubAckMessagesMax * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(pairs);
        for (int i = 0; i < 2 * ProtocolLimits.PubAckMessagesMax; i++)
        {
            writer.WriteUInt64(ProtocolLimits.NumberMax);
        }

        var body = new PubAckBody { Channel = Channel, ProducerId = ulong.MaxValue, Count = ProtocolLimits.PubAckMessagesMax, EncodedPairs = pairs };
        Assert.True(body.TryEncode(new byte[ProtocolLimits.ServerFrameBytesMax], out _));
    }

    [Fact]
    [Trait("Must", "R-AUTH-1")]
    public void AuthBody_LargestToken_FitsAHandshakeFrame()
    {
        var body = new AuthBody { Token = Filled(ProtocolLimits.TokenBytesMax) };
        Assert.True(body.TryEncode(new byte[ProtocolLimits.HandshakeFrameBytesMax], out _));
    }

    [Fact]
    public void Handshake_LargestHelloAndAuth_FitTheHandshake()
    {
        var hello = new HelloBody { VersionMin = uint.MaxValue, VersionMax = uint.MaxValue, Capabilities = Capabilities.Ephemeral | Capabilities.Rooms | Capabilities.Services, Agent = Filled(ProtocolLimits.TextBytesMax) };
        Assert.True(hello.TryEncode(new byte[ProtocolLimits.HandshakeFrameBytesMax], out int helloBytes));
        Assert.InRange(
            (2 * FrameHeader.SizeBytes) + helloBytes + ProtocolLimits.HandshakeFrameBytesMax, 0, ProtocolLimits.HandshakeBytesMax);
    }

    private static byte[] Filled(int bytes)
    {
        var filled = new byte[bytes];
        filled.AsSpan().Fill((byte)'x');
        return filled;
    }
}
