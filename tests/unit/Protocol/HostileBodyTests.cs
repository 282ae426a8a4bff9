using System.Diagnostics;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>
/// Bodies made to exhaust a reader: nesting (MessagePack-CSharp CVE-2024-48924, CVE-2026-48506), counts and lengths
/// that promise more than there is (Mosquitto CVE-2017-7651), as long as a frame may be.
/// </summary>
[Trait("Must", "R-BODY-7")]
[Trait("Must", "R-BODY-8")]
public sealed class HostileBodyTests
{
    private const int BodyBytes = ProtocolLimits.ServerFrameBytesMax;

    public static TheoryData<string, string> Bombs => new()
    {
        { "91", "nested arrays of one" },
        { "81c0", "nested maps of one" },
        { "dc0001", "nested arrays, 16-bit count" },
        { "dd00000001", "nested arrays, 32-bit count" },
        { "de0001c0", "nested maps, 16-bit count" },
        { "9f", "arrays of 15, each opening the next" },
        { "ddffffffff", "arrays of 4 Gi" },
        { "dfffffffff", "maps of 4 Gi" },
        { "dbffffffff", "strings of 4 GiB" },
        { "c6ffffffff", "byte arrays of 4 GiB" },
        { "c9ffffffff01", "extensions of 4 GiB" },
        { "c1", "the code that is never used" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void TryDecode_WholeBodyOfBombs_IsMalformed(string hex, string about)
    {
        byte[] body = Repeat(Convert.FromHexString(hex));
        Assert.All(BodyDecoder.Types, type => Assert.True(BodyDecoder.Decode(type, body) != DecodeStatus.Ok, about));
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void TryDecode_BombsInAnIgnoredElement_AreMalformed(string hex, string about)
    {
        byte[] bomb = Repeat(Convert.FromHexString(hex));
        foreach (Vector vector in VectorFile.Frames.All.Where(vector => vector.Name.StartsWith("extra-elements-", StringComparison.Ordinal)))
        {
            // The honest fields, then one element more than they are.
            byte[] honest = vector.Reencoded[FrameHeader.SizeBytes..];
            byte[] head = honest[0] == 0x9f ? [0xdc, 0, 0x10] : [(byte)(honest[0] + 1)];
            byte[] body = [.. head, .. honest.AsSpan(1), .. bomb];
            Assert.True(BodyDecoder.Decode(vector.Type, body) != DecodeStatus.Ok, $"{vector.Name}: {about}");
        }
    }

    [Theory]
    [InlineData(7, DecodeStatus.Ok)]
    [InlineData(8, DecodeStatus.TooDeep)]
    public void TryDecode_IgnoredNesting_CountsTheBodysOwnArray(int ignoredLevels, DecodeStatus expected)
    {
        foreach (byte[] innermost in (byte[][])[[0x90], [0x80], [0x91, 0xc0], [0xdc, 0, 0], [0xde, 0, 0], [0xdd, 0, 0, 0, 0]])
        {
            byte[] body = [0x92, 0xa1, (byte)'r', .. Enumerable.Repeat((byte)0x91, ignoredLevels - 1), .. innermost];
            Assert.Equal(expected, ChannelBody.TryDecode(body, out _));
        }
    }

    [Fact]
    public void TryDecode_ManyIgnoredElements_TakesTimeInProportion()
    {
        // 128 KiB of arrays with empty arrays in them: quick, because every byte is looked at once.
        byte[] body = [0xdd, 0, 1, 0xff, 0xf0, 0xa1, (byte)'r', .. Enumerable.Repeat((byte)0x90, 0x1ffef)];
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(DecodeStatus.Ok, ChannelBody.TryDecode(body, out _));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void TryRead_DeclaredFourGigabytes_IsTooLargeWithoutABody()
    {
        var header = new byte[FrameHeader.SizeBytes];
        new FrameHeader(uint.MaxValue, FrameType.Publish, FrameFlags.None, 0).Write(header);
        var buffer = new System.Buffers.ReadOnlySequence<byte>(header);
        Assert.Equal(FrameReadStatus.TooLarge, FrameReader.TryRead(ref buffer, uint.MaxValue - 1, out _, out _));
    }

    private static byte[] Repeat(byte[] pattern)
    {
        var body = new byte[BodyBytes];
        for (int at = 0; at < BodyBytes; at++)
        {
            body[at] = pattern[at % pattern.Length];
        }

        return body;
    }
}
