using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class PartitioningTests
{
    private static readonly byte[] Map = [.. Enumerable.Range(0, MemberBucket.Count).Select(bucket => (byte)(bucket % 3))];

    // Fixed for ever: maps are stored. Worked out with an FNV-1a of another language.
    [Theory]
    [InlineData("", 217)]
    [InlineData("a", 288)]
    [InlineData("b", 745)]
    [InlineData("alice", 197)]
    [InlineData("user-4711", 334)]
    public void Of_User_IsAlwaysTheSameBucket(string user, int bucket) => Assert.Equal(bucket, MemberBucket.Of(Stage.Id(user)));

    [Fact]
    [Trait("Must", "R-SPLIT-4")]
    public void PartitionOf_Groups_IsTheUsersOnAnyEdge()
    {
        Partitioning groups = Partitioning.ByGroups(4, 3, Map);

        Assert.All(Enumerable.Range(0, 100).Select(i => Stage.Id("u" + i)), user =>
        {
            Assert.Equal((uint)(MemberBucket.Of(user) % 3), groups.PartitionOf(user, "e1"));
            Assert.Equal(groups.PartitionOf(user, "e1"), groups.PartitionOf(user, "e2"));
        });
    }

    [Fact]
    public void PartitionOf_Edges_IsTheEdgesOrElseByTheUser()
    {
        Partitioning edges = Partitioning.ByEdges(1, ["e1", "e2"]).WithEdge("e3");

        Assert.Equal([0u, 1u, 2u], new[] { "e1", "e2", "e3" }.Select(edge => edges.PartitionOf("u"u8, edge)));
        Assert.Equal((uint)(MemberBucket.Of("u"u8) % 3), edges.PartitionOf("u"u8, "other"));
        Assert.Equal(0u, Partitioning.Whole(2).PartitionOf("u"u8, "e1"));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        Partitioning[] all = [Partitioning.Whole(0), Partitioning.ByEdges(long.MaxValue, ["e1", "ä"]), Partitioning.ByGroups(7, 3, Map)];
        foreach (Partitioning to in all)
        {
            var notice = new SplitNotice { FromGeneration = 6, FromCount = 2, To = to, Sizes = [3, uint.MaxValue] };
            byte[] encoded = notice.Encode();
            SplitNotice? read = SplitNotice.Decode(encoded);

            Assert.NotNull(read);
            Assert.Equal(encoded, read.Encode());
            Assert.Equal((6UL, 2, to.Generation, to.Mode, to.Count), (read.FromGeneration, read.FromCount, read.To.Generation, read.To.Mode, read.To.Count));
            Assert.Equal(notice.Sizes, read.Sizes);
            for (int length = 0; length < encoded.Length; length++)
            {
                Assert.Null(SplitNotice.Decode(encoded.AsSpan(0, length)));
            }
        }
    }

    [Theory]
    [InlineData("95 01 00 02 c0 c0")]
    [InlineData("95 01 00 00 c0 c0")]
    [InlineData("95 01 01 02 c0 92 a1 61 a1 61")]
    [InlineData("95 01 01 01 c0 92 a1 61 a1 62")]
    [InlineData("95 01 01 00 c0 90")]
    [InlineData("95 01 01 01 c0 c0")]
    [InlineData("95 01 02 02 c4 01 00 c0")]
    [InlineData("95 01 02 02 c0 c0")]
    [InlineData("95 01 03 01 c0 c0")]
    [InlineData("95 01 00 cc81 c0 c0")]
    [InlineData("94 01 00 01 c0")]
    public void Read_WhatNoRoomCanBe_IsRefused(string hex)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Null(Partitioning.Read(ref reader));
        Assert.NotEqual(DecodeStatus.Ok, reader.Status);
    }

    [Fact]
    public void ByGroups_AGroupForMoreThanThereAre_IsRefusedWhenRead()
    {
        byte[] map = [.. Map];
        map[1023] = 3;
        byte[] room = new byte[2048];
        var writer = new MessagePackWriter(room);
        Partitioning.ByGroups(1, 3, map).Write(ref writer);
        var reader = new MessagePackReader(room.AsSpan(0, writer.WrittenBytes));

        Assert.Null(Partitioning.Read(ref reader));
    }
}
