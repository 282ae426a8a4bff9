using System.Buffers;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The hot path allocates nothing: not per frame, not per message.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 2000;

    // A collection that another test causes takes what is left of this thread's allocation context, and the runtime
    // counts that as allocated. What the code itself allocates it allocates in every attempt.
    private const int Attempts = 5;

    public static TheoryData<string> FrameNames => [.. VectorFile.Frames.All.Select(vector => vector.Name)];

    public static TheoryData<string> MalformedNames => MalformedVectorTests.MalformedNames;

    [Theory]
    [MemberData(nameof(FrameNames))]
    public void DecodeAndEncode_ValidVector_AllocatesNothing(string name)
    {
        Vector vector = VectorFile.Frames[name];
        FrameType type = vector.Type;
        byte[] body = vector.Body.ToArray();
        var destination = new byte[vector.Bytes.Length];
        AssertAllocatesNothing(() =>
        {
            BodyDecoder.TryReencode(type, body, destination, out _);
            BodyDecoder.Walk(type, body);
        });
    }

    [Theory]
    [MemberData(nameof(MalformedNames))]
    public void Decode_MalformedVector_AllocatesNothing(string name)
    {
        Vector vector = VectorFile.Malformed[name];
        FrameType type = vector.Type;
        byte[] body = vector.Body.ToArray();
        AssertAllocatesNothing(() => BodyDecoder.Decode(type, body));
    }

    [Fact]
    public void DecodeAndEncode_EveryPayload_AllocatesNothing() =>
        Assert.All(PayloadVector.All, vector =>
        {
            var destination = new byte[vector.Bytes.Length];
            AssertAllocatesNothing(() =>
            {
                PayloadCodec.TryReencode(vector.Kind, vector.Bytes, destination, out _);
                ServiceBodyWalk.Walk(vector.Kind, vector.Bytes);
            });
        });

    [Fact]
    public void TryRead_FrameInPieces_AllocatesNothing()
    {
        byte[] bytes = VectorFile.Frames["publish-text-acked"].Bytes;
        ReadOnlySequence<byte> pieces = Segments.OneByteEach(bytes);
        AssertAllocatesNothing(() =>
        {
            ReadOnlySequence<byte> buffer = pieces;
            FrameReader.TryRead(ref buffer, ProtocolLimits.ClientFrameBytesMax, out FrameHeader header, out _);
            header.Write(bytes);
        });
    }

    [Fact]
    public void TryEncode_MessageAndBatch_AllocatesNothing()
    {
        byte[] payload = new byte[128];
        var message = new byte[DeliverMessage.OverheadBytesMax + payload.Length + ProtocolLimits.UserIdBytesMax];
        var batch = new byte[DeliverBody.OverheadBytesMax + ProtocolLimits.ChannelNameBytesMax + message.Length];
        AssertAllocatesNothing(() =>
        {
            var one = new DeliverMessage { Kind = MessageKind.Data, From = "alice"u8, ProducerId = 7, Number = 1, Payload = payload };
            one.TryEncode(message, out int messageBytes);
            var body = new DeliverBody
            {
                Channel = "room.1"u8,
                First = new Position(0, 0, 3, 1043),
                Count = 1,
                EncodedMessages = message.AsSpan(0, messageBytes),
            };
            body.TryEncode(batch, out int batchBytes);
            new FrameHeader((uint)batchBytes, FrameType.Deliver, FrameFlags.None, 0).Write(batch);
        });
    }

    [Fact]
    public void IsValid_ChannelName_AllocatesNothing() =>
        AssertAllocatesNothing(() =>
        {
            ChannelName.IsValid("room.1"u8);
            ChannelName.IsValid("room.1");
            ChannelName.KindOf("inbox:alice"u8);
            ChannelName.KindOf("topic:shop.offers"u8);
        });

    private static void AssertAllocatesNothing(Action action)
    {
        action();
        long leastBytes = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && leastBytes > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rounds; i++)
            {
                action();
            }

            leastBytes = Math.Min(leastBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, leastBytes);
    }
}
