using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Fabric;

/// <summary>What a master tells an edge: every kind there and back, cut, and out of bounds.</summary>
public sealed class RelayRecordTests
{
    private static readonly byte[] Body = [1, 2, 3];

    public static TheoryData<RelayKind> Kinds => [.. Enum.GetValues<RelayKind>()];

    public static TheoryData<RelayKind> ArrayKinds => [.. Enum.GetValues<RelayKind>().Where(kind => kind != RelayKind.Deliver)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_WhatWasWritten_IsTheSame(RelayKind kind)
    {
        RelayRecord written = Sample(kind);
        byte[] bytes = Encode(written);
        RelayRecord read = Read(bytes, out DecodeStatus status);

        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Equal(bytes, Encode(read));
        Assert.Equal(
            (written.Kind, written.Session, written.Correlation, written.Flags),
            (read.Kind, read.Session, read.Correlation, read.Flags));
        Assert.Equal(
            (written.Top, written.FirstSeq, written.FrameType, written.Ticket), (read.Top, read.FirstSeq, read.FrameType, read.Ticket));
        Assert.Equal(written.Channel, read.Channel);
        Assert.Equal(written.Body, read.Body);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_CutAnywhere_Fails(RelayKind kind)
    {
        byte[] bytes = Encode(Sample(kind));
        for (int length = 0; length < bytes.Length; length++)
        {
            Read(bytes.AsSpan(0, length), out DecodeStatus status);
            Assert.NotEqual(DecodeStatus.Ok, status);
        }
    }

    [Theory]
    [MemberData(nameof(ArrayKinds))]
    public void Read_FieldsOfALaterVersion_ArePassedOver(RelayKind kind)
    {
        byte[] known = Encode(Sample(kind));
        byte[] bytes = [(byte)(known[0] + 2), .. known[1..], 0x92, 0x01, 0x02, 0xc0];
        RelayRecord read = Read(bytes, out DecodeStatus status);
        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Equal(known, Encode(read));
    }

    [Theory]
    [MemberData(nameof(ArrayKinds))]
    public void Read_OneFieldTooFew_Fails(RelayKind kind)
    {
        byte[] bytes = Encode(Sample(kind));
        bytes[0]--;
        Read(bytes, out DecodeStatus status);
        Assert.Equal(DecodeStatus.OutOfRange, status);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EncodedBytesMax_LargestNumbers_IsEnough(RelayKind kind)
    {
        byte[] channel = new byte[ProtocolLimits.InboxNameBytesMax];
        RelayRecord record = Sample(kind);
        record.Session = ulong.MaxValue;
        record.Correlation = uint.MaxValue;
        record.Flags = (FrameFlags)byte.MaxValue;
        record.Channel = channel;
        record.Top = new Position(ulong.MaxValue, uint.MaxValue, ulong.MaxValue, ulong.MaxValue);
        record.FirstSeq = ulong.MaxValue;
        record.FrameType = (FrameType)byte.MaxValue;
        record.Ticket = ulong.MaxValue;
        Assert.InRange(Encode(record).Length, 1, record.EncodedBytesMax);
    }

    [Fact]
    public void Read_AnUnknownKind_IsPassedOver()
    {
        byte[] bytes = [0x93, 0x0b, 0x91, 0xa1, 0x61, 0x05, .. Encode(Sample(RelayKind.Census))];
        var reader = new MessagePackReader(bytes);
        Assert.Equal((RelayKind)11, RelayRecord.Read(ref reader).Kind);
        Assert.Equal(RelayKind.Census, RelayRecord.Read(ref reader).Kind);
        Assert.Equal(DecodeStatus.Ok, reader.Finish());
    }

    [Theory]
    [InlineData("9001")] // no kind
    [InlineData("930aa16162")] // a push that ends early
    [InlineData("940aa161cd0100c400")] // a frame type above a byte
    [InlineData("9309a16100")] // a skipped without its place
    [InlineData("9307a161a0")] // a state that is no bin
    [InlineData("9408cf0000000100000000cf0000000100000000c400")] // a correlation above 32 bits
    public void Read_OutOfBounds_Fails(string hex)
    {
        Read(Convert.FromHexString(hex), out DecodeStatus status);
        Assert.NotEqual(DecodeStatus.Ok, status);
    }

    [Theory]
    [InlineData(RelayKind.Room, RelayRecord.RoomStateBytesMax)]
    [InlineData(RelayKind.Answer, ProtocolLimits.ServerFrameBytesMax)]
    [InlineData(RelayKind.Push, ProtocolLimits.ServerFrameBytesMax)]
    public void Read_ALargeBody_IsReadUpToTheBound(RelayKind kind, int bytesMax)
    {
        foreach (int bytes in (int[])[bytesMax, bytesMax + 1])
        {
            byte[] body = new byte[bytes];
            RelayRecord record = Sample(kind);
            record.Body = body;
            Read(Encode(record), out DecodeStatus status);
            Assert.Equal(bytes == bytesMax ? DecodeStatus.Ok : DecodeStatus.OutOfRange, status);
        }
    }

    private static RelayRecord Sample(RelayKind kind) => kind switch
    {
        RelayKind.Deliver or RelayKind.Ephemeral => new() { Kind = kind, Body = Body },
        RelayKind.Ack => new() { Kind = kind, Session = 7, Body = Body },
        RelayKind.Error => new() { Kind = kind, Session = 7, Correlation = 8, Flags = FrameFlags.AckWanted, Body = Body },
        RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed => new() { Kind = kind, Channel = "room"u8, Top = new(1, 2, 3, 4) },
        RelayKind.Room => new() { Kind = kind, Channel = "room"u8, Body = Body },
        RelayKind.Answer => new() { Kind = kind, Session = 7, Correlation = 8, Body = Body },
        RelayKind.Skipped => new() { Kind = kind, Channel = "room"u8, Top = new(1, 2, 3, 9), FirstSeq = 4 },
        RelayKind.Push => new() { Kind = kind, Channel = "room"u8, FrameType = (FrameType)0x60, Body = Body },
        RelayKind.Census => new() { Kind = kind, Channel = "room"u8, Ticket = 12 },
        RelayKind.Frame or RelayKind.Outcome => new() { Kind = kind, Session = 7, Correlation = 8, FrameType = FrameType.Call, Body = Body },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no sample"),
    };

    private static byte[] Encode(RelayRecord record)
    {
        var bytes = new byte[record.EncodedBytesMax];
        var writer = new MessagePackWriter(bytes);
        record.Write(ref writer);
        Assert.False(writer.Overflowed);
        return bytes[..writer.WrittenBytes];
    }

    private static RelayRecord Read(ReadOnlySpan<byte> bytes, out DecodeStatus status)
    {
        var reader = new MessagePackReader(bytes);
        RelayRecord record = RelayRecord.Read(ref reader);
        status = reader.Finish();
        return record;
    }
}
