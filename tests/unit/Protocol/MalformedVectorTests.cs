using System.Buffers;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Every vector that must not be accepted.</summary>
public sealed class MalformedVectorTests
{
    public static TheoryData<string> MalformedNames => [.. VectorFile.Malformed.All.Select(vector => vector.Name)];

    public static TheoryData<string> HeaderNames =>
        [.. VectorFile.Refused.All.Where(IsHeaderOnly).Select(vector => vector.Name)];

    public static TheoryData<string> ReadableNames =>
        [.. VectorFile.Refused.All.Where(vector => !IsHeaderOnly(vector)).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(MalformedNames))]
    [Trait("Must", "R-BODY-2")]
    [Trait("Must", "R-BODY-3")]
    [Trait("Must", "R-BODY-5")]
    [Trait("Must", "R-BODY-6")]
    [Trait("Must", "R-BODY-7")]
    [Trait("Must", "R-BODY-8")]
    [Trait("Must", "R-BODY-11")]
    public void TryDecode_MalformedVector_GivesItsStatus(string name)
    {
        Vector vector = VectorFile.Malformed[name];
        Assert.Equal(vector.Json["status"]!.GetValue<string>(), BodyDecoder.Decode(vector.Type, vector.Body).ToString());
    }

    [Theory]
    [MemberData(nameof(MalformedNames))]
    public void TryRead_MalformedVectorCutAtEveryByte_IsAWholeFrame(string name) => AssertReadsHoweverCut(VectorFile.Malformed[name]);

    [Theory]
    [MemberData(nameof(HeaderNames))]
    [Trait("Must", "R-FRAME-1")]
    [Trait("Must", "R-FRAME-2")]
    public void TryRead_RefusedHeader_IsRefusedBeforeTheBody(string name)
    {
        Vector vector = VectorFile.Refused[name];
        bool reserved = !FrameHeader.TryRead(vector.Bytes, out _);
        uint bodyBytesMax = (uint)(vector.Json["state"]!.GetValue<string>() == "Ready"
            ? ProtocolLimits.ClientFrameBytesMax : ProtocolLimits.HandshakeFrameBytesMax);

        byte[] header = vector.Bytes[..FrameHeader.SizeBytes];
        for (int at = 0; at <= header.Length; at++)
        {
            AssertRefuses(Segments.Split(header, at));
        }

        AssertRefuses(Segments.OneByteEach(header));

        void AssertRefuses(ReadOnlySequence<byte> buffer)
        {
            Assert.Equal(
                reserved ? FrameReadStatus.BadHeader : FrameReadStatus.TooLarge,
                FrameReader.TryRead(ref buffer, bodyBytesMax, out _, out _));
            Assert.Equal(FrameHeader.SizeBytes, buffer.Length);
        }
    }

    [Theory]
    [MemberData(nameof(ReadableNames))]
    public void TryRead_RefusedVectorCutAtEveryByte_IsAWholeFrame(string name) => AssertReadsHoweverCut(VectorFile.Refused[name]);

    [Theory]
    [MemberData(nameof(ReadableNames))]
    public void TryDecode_RefusedVector_IsReadable(string name)
    {
        // The server's state machine refuses these, not the codec; tests with a running edge show that.
        Vector vector = VectorFile.Refused[name];
        var buffer = new ReadOnlySequence<byte>(vector.Bytes);
        Assert.Equal(FrameReadStatus.Complete, FrameReader.TryRead(ref buffer, ProtocolLimits.ClientFrameBytesMax, out FrameHeader header, out _));
        bool known = Enum.IsDefined(header.Type);
        if (known && vector.Json["code"]!.GetValue<string>() != nameof(ErrorCode.BadMagic))
        {
            Assert.Equal(DecodeStatus.Ok, BodyDecoder.Decode(header.Type, vector.Body));
        }

        Assert.True(Enum.TryParse<ErrorCode>(vector.Json["code"]!.GetValue<string>(), out _));
    }

    [Theory]
    [InlineData("wrong-magic", false)]
    [InlineData("magic-in-lower-case", false)]
    [InlineData("no-common-version", true)]
    public void HelloBody_MagicMatches_OnlyForTheMagic(string name, bool matches)
    {
        Assert.Equal(DecodeStatus.Ok, HelloBody.TryDecode(VectorFile.Refused[name].Body, out HelloBody body));
        Assert.Equal(matches, body.MagicMatches);
    }

    // Not the framing is wrong: the stream can still be cut into frames, whatever comes behind.
    private static void AssertReadsHoweverCut(Vector vector)
    {
        byte[] bytes = [.. vector.Bytes, 0xde, 0xad];
        for (int at = 0; at <= bytes.Length; at++)
        {
            AssertReads(vector, Segments.Split(bytes, at));
        }

        AssertReads(vector, Segments.OneByteEach(bytes));
    }

    private static void AssertReads(Vector vector, ReadOnlySequence<byte> buffer)
    {
        Assert.Equal(
            FrameReadStatus.Complete,
            FrameReader.TryRead(ref buffer, ProtocolLimits.ClientFrameBytesMax, out FrameHeader header, out ReadOnlySequence<byte> body));
        Assert.True(FrameHeader.TryRead(vector.Bytes, out FrameHeader expected));
        Assert.Equal(expected, header);
        Assert.Equal(vector.Body.ToArray(), body.ToArray());
        Assert.Equal(2, buffer.Length);
    }

    // Refused for its header: what would follow is not there.
    private static bool IsHeaderOnly(Vector vector) =>
        !FrameHeader.TryRead(vector.Bytes, out FrameHeader header) || header.BodyBytes > vector.Body.Length;
}
