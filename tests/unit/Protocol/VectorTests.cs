using System.Buffers;
using System.Text.Json.Nodes;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Every valid vector through header, decoder and encoder.</summary>
public sealed class VectorTests
{
    private static readonly byte[] Garbage = [0xde, 0xad, 0xbe, 0xef];

    public static TheoryData<string> Names => [.. VectorFile.Frames.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-BODY-1")]
    [Trait("Must", "R-BODY-4")]
    [Trait("Must", "R-CAP-1")]
    public void TryDecode_ValidVector_GivesTheFieldsOfTheVector(string name)
    {
        Vector vector = VectorFile.Frames[name];
        DecodeStatus status = BodyToJson.Decode(vector.Type, vector.Body, out JsonObject? fields);
        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Equal(vector.Json["body"]?.ToJsonString(), fields?.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TryRead_ValidVector_GivesTheHeaderOfTheVector(string name)
    {
        Vector vector = VectorFile.Frames[name];
        Assert.True(FrameHeader.TryRead(vector.Bytes, out FrameHeader header));
        Assert.Equal(vector.Type, header.Type);
        Assert.Equal(FlagsOf(vector), header.Flags);
        Assert.Equal(vector.Json["correlation"]!.GetValue<uint>(), header.Correlation);
        Assert.Equal((uint)vector.Body.Length, header.BodyBytes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-FRAME-1")]
    public void TryEncode_FieldsOfTheVector_GivesItsBytes(string name)
    {
        Vector vector = VectorFile.Frames[name];
        byte[] expected = vector.Reencoded;
        var frame = new byte[expected.Length];
        Assert.True(BodyFromJson.TryEncode(
            vector.Type, vector.Json["body"]?.AsObject(), frame.AsSpan(FrameHeader.SizeBytes), out int bodyBytes));
        new FrameHeader((uint)bodyBytes, vector.Type, FlagsOf(vector), vector.Json["correlation"]!.GetValue<uint>()).Write(frame);
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(frame));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TryEncode_DestinationTooSmall_IsFalseAndWritesWithinIt(string name)
    {
        Vector vector = VectorFile.Frames[name];
        int needed = vector.Reencoded.Length - FrameHeader.SizeBytes;
        var buffer = new byte[needed + 1];
        for (int size = 0; size < needed; size++)
        {
            buffer.AsSpan().Fill(0xEE);
            Assert.False(BodyFromJson.TryEncode(vector.Type, vector.Json["body"]?.AsObject(), buffer.AsSpan(0, size), out _));
            Assert.Equal(-1, buffer.AsSpan(size).IndexOfAnyExcept((byte)0xEE));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-FRAME-3")]
    public void TryRead_CutAtEveryByte_GivesTheSameFrame(string name)
    {
        byte[] bytes = VectorFile.Frames[name].Bytes;
        for (int at = 0; at <= bytes.Length; at++)
        {
            AssertReads(bytes, Segments.Split(bytes, at));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-FRAME-3")]
    public void TryRead_OneByteEach_GivesTheSameFrame(string name)
    {
        byte[] bytes = VectorFile.Frames[name].Bytes;
        AssertReads(bytes, Segments.OneByteEach(bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-FRAME-3")]
    public void TryRead_EveryPrefix_IsIncompleteAndConsumesNothing(string name)
    {
        byte[] bytes = VectorFile.Frames[name].Bytes;
        for (int length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(FrameReadStatus.Incomplete, FrameReader.TryRead(ref buffer, uint.MaxValue, out _, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TryRead_GarbageBehind_LeavesTheGarbage(string name)
    {
        byte[] bytes = VectorFile.Frames[name].Bytes;
        ReadOnlySequence<byte> buffer = Segments.OneByteEach((byte[])[.. bytes, .. Garbage]);
        Assert.Equal(FrameReadStatus.Complete, FrameReader.TryRead(ref buffer, uint.MaxValue, out _, out _));
        Assert.Equal(Garbage, buffer.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-BODY-3")]
    [Trait("Must", "R-BODY-11")]
    public void TryDecode_GarbageInTheBody_IsTrailingBytes(string name)
    {
        Vector vector = VectorFile.Frames[name];
        byte[] body = [.. vector.Body, .. Garbage];
        Assert.Equal(DecodeStatus.TrailingBytes, BodyDecoder.Decode(vector.Type, body));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Must", "R-BODY-3")]
    public void TryDecode_EveryPrefixOfTheBody_IsMalformed(string name)
    {
        Vector vector = VectorFile.Frames[name];
        for (int length = 0; length < vector.Body.Length; length++)
        {
            Assert.NotEqual(DecodeStatus.Ok, BodyDecoder.Decode(vector.Type, vector.Body[..length]));
        }
    }

    [Fact]
    public void Frames_EveryType_HasAVector() =>
        Assert.Equal(Enum.GetValues<FrameType>().Order(), VectorFile.Frames.All.Select(vector => vector.Type).Distinct().Order());

    private static FrameFlags FlagsOf(Vector vector) =>
        FrameNames.ParseFlags(vector.Json["flags"]!.AsArray().Select(flag => flag!.GetValue<string>()));

    private static void AssertReads(byte[] bytes, ReadOnlySequence<byte> buffer)
    {
        Assert.Equal(FrameReadStatus.Complete, FrameReader.TryRead(ref buffer, uint.MaxValue, out FrameHeader header, out ReadOnlySequence<byte> body));
        Assert.True(buffer.IsEmpty);
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader expected));
        Assert.Equal(expected, header);
        Assert.Equal(bytes[FrameHeader.SizeBytes..], body.ToArray());
    }
}
