using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The writer's shortest forms and what it does when the room ends.</summary>
public sealed class MessagePackWriterTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "cc80")]
    [InlineData(255UL, "ccff")]
    [InlineData(256UL, "cd0100")]
    [InlineData(65_535UL, "cdffff")]
    [InlineData(65_536UL, "ce00010000")]
    [InlineData(4_294_967_295UL, "ceffffffff")]
    [InlineData(4_294_967_296UL, "cf0000000100000000")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    public void WriteUInt64_Value_IsItsShortestForm(ulong value, string hex)
    {
        var buffer = new byte[MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(buffer);
        writer.WriteUInt64(value);
        Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, writer.WrittenBytes)));
    }

    [Theory]
    [InlineData(0, "a0", "c400", "90")]
    [InlineData(15, "af", "c40f", "9f")]
    [InlineData(16, "b0", "c410", "dc0010")]
    [InlineData(31, "bf", "c41f", "dc001f")]
    [InlineData(32, "d920", "c420", "dc0020")]
    [InlineData(255, "d9ff", "c4ff", "dc00ff")]
    [InlineData(256, "da0100", "c50100", "dc0100")]
    [InlineData(65_535, "daffff", "c5ffff", "dcffff")]
    [InlineData(65_536, "db00010000", "c600010000", "dd00010000")]
    public void WriteHeads_Length_IsItsShortestForm(int length, string text, string binary, string array)
    {
        var content = new byte[length];
        var buffer = new byte[MessagePackWriter.HeadBytesMax + length];

        var writer = new MessagePackWriter(buffer);
        writer.WriteString(content);
        Assert.Equal(text, Convert.ToHexStringLower(buffer.AsSpan(0, writer.WrittenBytes - length)));

        writer = new MessagePackWriter(buffer);
        writer.WriteBinary(content);
        Assert.Equal(binary, Convert.ToHexStringLower(buffer.AsSpan(0, writer.WrittenBytes - length)));

        writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(length);
        Assert.Equal(array, Convert.ToHexStringLower(buffer.AsSpan(0, writer.WrittenBytes)));
    }

    [Fact]
    public void Overflowed_ValueThatDoesNotFit_SticksAndNothingMoreIsWritten()
    {
        var buffer = new byte[4];
        var writer = new MessagePackWriter(buffer);
        writer.WriteBoolean(true);
        writer.WriteUInt64(ulong.MaxValue);
        Assert.True(writer.Overflowed);
        writer.WriteNil();
        writer.WriteRaw([0x01]);
        Assert.Equal(1, writer.WrittenBytes);
        Assert.Equal([0xc3, 0, 0, 0], buffer);
    }
}
