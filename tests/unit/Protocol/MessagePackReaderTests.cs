using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The reader's forms and failures that bodies alone do not reach.</summary>
public sealed class MessagePackReaderTests
{
    [Theory]
    [InlineData("c2", false, DecodeStatus.Ok)]
    [InlineData("c3", true, DecodeStatus.Ok)]
    [InlineData("c0", false, DecodeStatus.WrongType)]
    [InlineData("01", false, DecodeStatus.WrongType)]
    [InlineData("", false, DecodeStatus.Truncated)]
    public void ReadBoolean_AnyValue_GivesItOrFails(string hex, bool value, DecodeStatus status)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex));
        Assert.Equal(value, reader.ReadBoolean());
        Assert.Equal(status, reader.Status);
    }

    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("7f", 127UL)]
    [InlineData("cc00", 0UL)]
    [InlineData("ccff", 255UL)]
    [InlineData("cdffff", 65_535UL)]
    [InlineData("ceffffffff", 4_294_967_295UL)]
    [InlineData("cfffffffffffffffff", ulong.MaxValue)]
    [InlineData("d07f", 127UL)]
    [InlineData("d17fff", 32_767UL)]
    [InlineData("d27fffffff", 2_147_483_647UL)]
    [InlineData("d37fffffffffffffff", 9_223_372_036_854_775_807UL)]
    [Trait("Must", "R-BODY-4")]
    public void ReadUInt64_EveryForm_GivesTheValue(string hex, ulong value)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var reader = new MessagePackReader(bytes);
        Assert.Equal(value, reader.ReadUInt64());
        Assert.Equal(DecodeStatus.Ok, reader.Finish());
        for (int length = 0; length < bytes.Length; length++)
        {
            var cut = new MessagePackReader(bytes.AsSpan(0, length));
            Assert.Equal(0UL, cut.ReadUInt64());
            Assert.Equal(DecodeStatus.Truncated, cut.Status);
        }
    }

    [Fact]
    public void Fail_Twice_KeepsTheFirst()
    {
        var reader = new MessagePackReader([0xc0]);
        reader.Fail(DecodeStatus.OutOfRange);
        reader.Fail(DecodeStatus.TooDeep);
        Assert.Equal(DecodeStatus.OutOfRange, reader.Status);
    }

    [Fact]
    public void Reads_AfterAFailure_GiveDefaultsAndDoNotMove()
    {
        var reader = new MessagePackReader([0xc1, 0x01, 0xa1, 0x61, 0x91]);
        reader.ReadNil();
        int offset = reader.Offset;
        Assert.Equal(0UL, reader.ReadUInt64());
        Assert.True(reader.ReadString(10).IsEmpty);
        Assert.True(reader.ReadBinary(10).IsEmpty);
        Assert.Equal(0, reader.ReadArrayHeader());
        Assert.Equal(0, reader.ReadTupleHeader(0));
        Assert.False(reader.ReadBoolean());
        reader.Skip(3);
        Assert.Equal(offset, reader.Offset);
        Assert.Equal(DecodeStatus.WrongType, reader.Finish());
    }

    [Theory]
    [InlineData("c0")]
    [InlineData("ff")]
    [InlineData("ca3fc00000")]
    [InlineData("cb3ff8000000000000")]
    [InlineData("d4ff01")]
    [InlineData("d5ff0102")]
    [InlineData("d6ff01020304")]
    [InlineData("d7ff0102030405060708")]
    [InlineData("d8ff0102030405060708090a0b0c0d0e0f10")]
    [InlineData("c700ff")]
    [InlineData("c702ff0102")]
    [InlineData("c80002ff0102")]
    [InlineData("c900000002ff0102")]
    [InlineData("c4020102")]
    [InlineData("c500020102")]
    [InlineData("c6000000020102")]
    [InlineData("d9026869")]
    [InlineData("da00026869")]
    [InlineData("db000000026869")]
    [InlineData("82a1610192010203")]
    [InlineData("de0001c0c0")]
    [InlineData("df00000001c0c0")]
    [InlineData("dc0002c0c0")]
    [InlineData("dd00000002c0c0")]
    public void Skip_OneValueOfEveryForm_EndsAtItsEnd(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        byte[] followed = [.. bytes, 0x2a];
        var reader = new MessagePackReader(followed);
        reader.Skip(1);
        Assert.Equal(42UL, reader.ReadUInt64());
        Assert.Equal(DecodeStatus.Ok, reader.Finish());
        for (int length = 0; length < bytes.Length; length++)
        {
            var cut = new MessagePackReader(bytes.AsSpan(0, length));
            cut.Skip(1);
            Assert.NotEqual(DecodeStatus.Ok, cut.Status);
        }
    }

    [Fact]
    public void Predicates_AtEachForm_TellItWithoutMoving()
    {
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            var reader = new MessagePackReader([(byte)code]);
            Assert.Equal(code == 0xc0, reader.IsNil);
            Assert.Equal(code is (>= 0x90 and <= 0x9f) or 0xdc or 0xdd, reader.IsArray);
            Assert.Equal(code is (>= 0xa0 and <= 0xbf) or 0xd9 or 0xda or 0xdb, reader.IsString);
            Assert.Equal(0, reader.Offset);
        }
    }
}
