using System.Net;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Fabric;

/// <summary>What an edge tells a master: every kind there and back, cut, and out of bounds.</summary>
public sealed class UpstreamRecordTests
{
    private static readonly byte[] Body = [0x93, 0x01, 0xc0, 0xa1, 0x61];

    public static TheoryData<UpstreamKind> Kinds => [.. Enum.GetValues<UpstreamKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_WhatWasWritten_IsTheSame(UpstreamKind kind)
    {
        UpstreamRecord written = Sample(kind);
        byte[] bytes = Encode(written);
        UpstreamRecord read = Read(bytes, out DecodeStatus status);

        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Equal(kind, read.Kind);
        Assert.Equal(bytes, Encode(read));
        Assert.InRange(bytes.Length, 1, written.EncodedBytesMax);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_CutAnywhere_Fails(UpstreamKind kind)
    {
        byte[] bytes = Encode(Sample(kind));
        for (int length = 0; length < bytes.Length; length++)
        {
            Read(bytes.AsSpan(0, length), out DecodeStatus status);
            Assert.NotEqual(DecodeStatus.Ok, status);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_FieldsOfALaterVersion_ArePassedOver(UpstreamKind kind)
    {
        byte[] known = Encode(Sample(kind));
        byte[] bytes = [(byte)(known[0] + 2), .. known[1..], 0x92, 0x01, 0x02, 0xc0];
        UpstreamRecord read = Read(bytes, out DecodeStatus status);
        Assert.Equal(DecodeStatus.Ok, status);
        Assert.Equal(known, Encode(read));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EncodedBytesMax_LargestNumbers_IsEnough(UpstreamKind kind)
    {
        UpstreamRecord record = Sample(kind);
        record.Session = ulong.MaxValue;
        record.Correlation = uint.MaxValue;
        record.Flags = (FrameFlags)byte.MaxValue;
        record.Role = byte.MaxValue;
        record.Generation = ulong.MaxValue;
        record.Ticket = ulong.MaxValue;
        Assert.InRange(Encode(record).Length, 1, record.EncodedBytesMax);
    }

    [Fact]
    public void Read_PublishAndQuery_GiveEveryField()
    {
        UpstreamRecord publish = Read(Encode(Sample(UpstreamKind.Publish)), out _);
        Assert.Equal((7UL, 8U, FrameFlags.AckWanted, 6), (publish.Session, publish.Correlation, publish.Flags, publish.Role));
        Assert.Equal("ada"u8, publish.UserId);
        Assert.Equal(Body, publish.PublishBody);

        UpstreamRecord query = Read(Encode(Sample(UpstreamKind.Query)), out _);
        Assert.Equal((7UL, 8U, 6), (query.Session, query.Correlation, query.Role));
        Assert.Equal("ada"u8, query.UserId);
        Assert.Equal(Body, query.QueryBody);
        Assert.Equal(("2001:db8::7", "203.0.113.7"), (publish.ClientAddress?.ToString(), query.ClientAddress?.ToString()));
    }

    [Theory]
    [InlineData(UpstreamKind.Publish)]
    [InlineData(UpstreamKind.Query)]
    public void Read_AddressIsAbsentOrNone_IsNullOrFails(UpstreamKind kind)
    {
        UpstreamRecord record = Sample(kind);
        record.ClientAddress = null;
        record.Service = default;
        byte[] bytes = Encode(record);
        Assert.Null(Read(bytes, out DecodeStatus status).ClientAddress);
        Assert.Equal(DecodeStatus.Ok, status);
        Read([(byte)(bytes[0] + 1), .. bytes[1..], 0xc4, 5, 1, 2, 3, 4, 5], out status);
        Assert.Equal(DecodeStatus.OutOfRange, status);
    }

    [Fact]
    public void Read_ServiceWithoutAddress_IsRead()
    {
        UpstreamRecord record = Sample(UpstreamKind.Publish);
        record.ClientAddress = null;
        UpstreamRecord read = Read(Encode(record), out DecodeStatus status);
        Assert.Equal((DecodeStatus.Ok, null), (status, read.ClientAddress));
        Assert.Equal("news"u8, read.Service);
    }

    [Fact]
    public void Read_RegisterWithoutBody_IsOfOneThatLeaves()
    {
        UpstreamRecord record = Sample(UpstreamKind.Register);
        record.Body = default;
        UpstreamRecord read = Read(Encode(record), out DecodeStatus status);
        Assert.Equal((DecodeStatus.Ok, true), (status, read.Body.IsEmpty));
        Assert.Equal("news"u8, read.Service);
    }

    [Fact]
    public void Read_Presence_GivesCountsAndNames()
    {
        UpstreamRecord read = Read(Encode(Sample(UpstreamKind.Presence)), out _);
        Assert.Equal("room"u8, read.Channel);
        Assert.Equal(3UL, read.Generation);
        Assert.Equal(3, read.Counts.Count);
        List<uint> counts = [];
        foreach (MemberCount count in read.Counts)
        {
            counts.Add(count.Value);
        }

        Assert.Equal([1, 0, 100_000], counts);
        Assert.True(read.HasNames);
        List<string> names = [];
        foreach (MemberName name in read.Names)
        {
            names.Add(System.Text.Encoding.UTF8.GetString(name.Value));
        }

        Assert.Equal(["ada", "bob"], names);
    }

    [Fact]
    public void Read_PresenceWithoutNames_IsNotPresenceOfNobody()
    {
        UpstreamRecord record = Sample(UpstreamKind.Presence);
        record.HasNames = false;
        Assert.False(Read(Encode(record), out _).HasNames);

        record.HasNames = true;
        record.Names = default;
        UpstreamRecord read = Read(Encode(record), out DecodeStatus status);
        Assert.Equal(DecodeStatus.Ok, status);
        Assert.True(read.HasNames);
        Assert.Equal(0, read.Names.Count);
    }

    [Fact]
    public void Read_Reactions_GivesThePairs()
    {
        UpstreamRecord read = Read(Encode(Sample(UpstreamKind.Reactions)), out _);
        List<(uint, uint)> pairs = [];
        foreach ((byte reaction, uint count) in read.Reactions)
        {
            pairs.Add((reaction, count));
        }

        Assert.Equal([(1U, 70_000U), (2U, 3U)], pairs);
    }

    [Fact]
    public void Read_Census_GivesTicketAndBuckets()
    {
        UpstreamRecord read = Read(Encode(Sample(UpstreamKind.Census)), out _);
        Assert.Equal(12UL, read.Ticket);
        Assert.Equal(UpstreamRecord.CensusBytes, read.Buckets.Length);
        Assert.Equal(9, read.Buckets[5]);
    }

    [Theory]
    [InlineData("96010708 01 a3616461 c0", 0)]
    [InlineData("97010708 01 a3616461 c0 05", 5)]
    public void Read_PublishWithOrWithoutRole_IsRead(string hex, int role)
    {
        UpstreamRecord read = Read(Bytes(hex), out DecodeStatus status);
        Assert.Equal((DecodeStatus.Ok, role), (status, read.Role));
    }

    [Theory]
    [InlineData("9202 a161", false)]
    [InlineData("9302 a161 00", false)]
    [InlineData("9302 a161 01", true)]
    public void Read_InterestWithOrWithoutObserve_IsRead(string hex, bool observe)
    {
        UpstreamRecord read = Read(Bytes(hex), out DecodeStatus status);
        Assert.Equal((DecodeStatus.Ok, observe), (status, read.Observe));
    }

    [Fact]
    public void Read_AnUnknownKind_IsPassedOver()
    {
        byte[] bytes = [0x93, 0x63, 0x91, 0xa1, 0x61, 0x05, .. Encode(Sample(UpstreamKind.Interest))];
        var reader = new MessagePackReader(bytes);
        Assert.Equal((UpstreamKind)0x63, UpstreamRecord.Read(ref reader, bytes).Kind);
        Assert.Equal(UpstreamKind.Interest, UpstreamRecord.Read(ref reader, bytes).Kind);
        Assert.Equal(DecodeStatus.Ok, reader.Finish());
    }

    [Theory]
    [InlineData("90 01")] // no kind
    [InlineData("95010708 01 a3616461")] // a publish without a body
    [InlineData("9302 a161 02")] // observe is 0 or 1
    [InlineData("96040708 a3616461 cd0100 c0")] // a role above a byte
    [InlineData("9505 a161 00 91ce00000001")] // counts, then the end
    [InlineData("9505 a161 00 91c0 c0")] // a count that is no number
    [InlineData("9505 a161 00 91cf0000000100000000 c0")] // a count above 32 bits
    [InlineData("9505 a161 00 9101 91a2c328")] // a name that is no UTF-8
    [InlineData("9306 a161 9101")] // a reaction without a count
    [InlineData("9407 a161 01 c40100")] // a census of half a bucket
    public void Read_OutOfBounds_Fails(string hex)
    {
        Read(Bytes(hex), out DecodeStatus status);
        Assert.NotEqual(DecodeStatus.Ok, status);
    }

    [Theory]
    [InlineData(ProtocolLimits.PartitionsMax, 0, true)]
    [InlineData(ProtocolLimits.PartitionsMax + 1, 0, false)]
    [InlineData(0, ProtocolLimits.MemberNamesMax, true)]
    [InlineData(0, ProtocolLimits.MemberNamesMax + 1, false)]
    public void Read_PresenceAtTheBounds_IsReadUpToThem(int counts, int names, bool isRead)
    {
        byte[] encodedCounts = new byte[counts];
        byte[] encodedNames = [.. Enumerable.Repeat<byte[]>([0xa1, 0x61], names).SelectMany(name => name)];
        byte[] bytes = Encode(new UpstreamRecord
        {
            Kind = UpstreamKind.Presence, Channel = "room"u8,
            Counts = new EncodedList<MemberCount>(encodedCounts, counts), HasNames = true, Names = new EncodedList<MemberName>(encodedNames, names),
        });
        Read(bytes, out DecodeStatus status);
        Assert.Equal(isRead, status == DecodeStatus.Ok);
    }

    [Theory]
    [InlineData(ProtocolLimits.UserIdBytesMax, true)]
    [InlineData(ProtocolLimits.UserIdBytesMax + 1, false)]
    public void Read_ALongName_IsReadUpToTheBound(int nameBytes, bool isRead)
    {
        byte[] name = [0xd9, (byte)nameBytes, .. Enumerable.Repeat((byte)'a', nameBytes)];
        byte[] bytes = Encode(new UpstreamRecord
        {
            Kind = UpstreamKind.Presence, Channel = "room"u8, HasNames = true, Names = new EncodedList<MemberName>(name, 1),
        });
        Read(bytes, out DecodeStatus status);
        Assert.Equal(isRead, status == DecodeStatus.Ok);
    }

    [Theory]
    [InlineData(ProtocolLimits.ReactionsMax, true)]
    [InlineData(ProtocolLimits.ReactionsMax + 1, false)]
    public void Read_ReactionsAtTheBound_AreReadUpToIt(int kinds, bool isRead)
    {
        byte[] bytes = Encode(new UpstreamRecord
        {
            Kind = UpstreamKind.Reactions, Channel = "room"u8, Reactions = new EncodedList<ReactionCount>(new byte[2 * kinds], kinds),
        });
        Read(bytes, out DecodeStatus status);
        Assert.Equal(isRead, status == DecodeStatus.Ok);
    }

    private static readonly byte[] SampleCounts = [0x01, 0x00, 0xce, 0x00, 0x01, 0x86, 0xa0];
    private static readonly byte[] SampleNames = [0xa3, .. "ada"u8, 0xa3, .. "bob"u8];
    private static readonly byte[] SampleReactions = [0x01, 0xce, 0x00, 0x01, 0x11, 0x70, 0x02, 0x03];
    private static readonly byte[] SampleBuckets = [0, 0, 0, 7, 0, 9, .. new byte[UpstreamRecord.CensusBytes - 6]];

    private static UpstreamRecord Sample(UpstreamKind kind) => kind switch
    {
        UpstreamKind.Publish => new()
        {
            Kind = kind, Session = 7, Correlation = 8, Flags = FrameFlags.AckWanted, UserId = "ada"u8, PublishBody = Body, Role = 6,
            ClientAddress = IPAddress.Parse("2001:db8::7"), Service = "news"u8,
        },
        UpstreamKind.Interest => new() { Kind = kind, Channel = "room"u8, Observe = true },
        UpstreamKind.Disinterest => new() { Kind = kind, Channel = "room"u8 },
        UpstreamKind.Query => new()
        {
            Kind = kind, Session = 7, Correlation = 8, UserId = "ada"u8, Role = 6, QueryBody = Body, ClientAddress = IPAddress.Parse("203.0.113.7"),
        },
        UpstreamKind.Presence => new()
        {
            Kind = kind, Channel = "room"u8, Generation = 3, Counts = new(SampleCounts, 3), HasNames = true, Names = new(SampleNames, 2),
        },
        UpstreamKind.Reactions => new() { Kind = kind, Channel = "room"u8, Reactions = new(SampleReactions, 2) },
        UpstreamKind.Census => new() { Kind = kind, Channel = "room"u8, Ticket = 12, Buckets = SampleBuckets },
        UpstreamKind.Command => new()
        {
            Kind = kind, Session = 7, Correlation = 8, UserId = "ada"u8, Role = 6, Body = Body, IsLine = true, ClientAddress = IPAddress.Parse("203.0.113.8"),
        },
        UpstreamKind.Register or UpstreamKind.Return => new() { Kind = kind, Session = 7, Correlation = 8, Service = "news"u8, Body = Body },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no sample"),
    };

    private static byte[] Encode(UpstreamRecord record)
    {
        var bytes = new byte[record.EncodedBytesMax];
        var writer = new MessagePackWriter(bytes);
        record.Write(ref writer);
        Assert.False(writer.Overflowed);
        return bytes[..writer.WrittenBytes];
    }

    private static UpstreamRecord Read(ReadOnlySpan<byte> bytes, out DecodeStatus status)
    {
        var reader = new MessagePackReader(bytes);
        UpstreamRecord record = UpstreamRecord.Read(ref reader, bytes);
        status = reader.Finish();
        return record;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}
