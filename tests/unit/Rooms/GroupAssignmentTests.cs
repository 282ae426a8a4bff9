using FsCheck.Fluent;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class GroupAssignmentTests
{
    private const int MembersPerGroupMin = 25;

    [Fact]
    [Trait("Must", "R-SPLIT-4")]
    public void Balance_AnyThousandUsersAndMore_GroupsAreWithinTenPercent()
    {
        RandomTests.Check(
            150,
            from users in Gen.OneOf(Gen.Choose(1000, 5000), Gen.Choose(1000, 100_000))
            from groups in Gen.Choose(2, Math.Min(Partitioning.PartitionsMax, users / MembersPerGroupMin))
            from first in Gen.Choose(0, 1_000_000)
            select (users, groups, first),
            input =>
            {
                uint[] census = Census(Enumerable.Range(input.first, input.users).Select(user => $"user-{user}"));
                byte[] map = GroupAssignment.Balance(census, input.groups);
                uint[] sizes = GroupAssignment.Sizes(census, map, input.groups);

                Assert.Equal((uint)input.users, (uint)sizes.Sum(size => size));
                Assert.True(sizes.Max() <= 1.1 * sizes.Min(), $"{input}: {sizes.Min()} to {sizes.Max()}");
                Assert.Equal(map, GroupAssignment.Balance(census, input.groups));
                Partitioning partitioning = Partitioning.ByGroups(1, input.groups, map);
                Assert.All(Enumerable.Range(0, 50), user => Assert.InRange(partitioning.PartitionOf(Stage.Id("new" + user), "e"), 0u, (uint)input.groups - 1));
            });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(128)]
    public void Balance_NobodyThere_DealsTheBucketsEvenly(int groups)
    {
        int[] buckets = Buckets(GroupAssignment.Balance(new uint[MemberBucket.Count], groups), groups);

        Assert.InRange(buckets.Max() - buckets.Min(), 0, 1);
    }

    [Fact]
    public void Balance_FewMembers_GivesEachGroupItsShareOfBuckets()
    {
        uint[] census = Census(Enumerable.Range(0, 40).Select(user => "u" + user));
        byte[] map = GroupAssignment.Balance(census, 8);
        int[] buckets = Buckets(map, 8);

        Assert.Equal(128, buckets.Min());
        Assert.Equal(128, buckets.Max());
        Assert.All(GroupAssignment.Sizes(census, map, 8), size => Assert.InRange(size, 4u, 6u));
    }

    [Fact]
    public void Balance_LargestCountsThereAre_DoNotOverflow()
    {
        uint[] census = [.. Enumerable.Repeat(uint.MaxValue, MemberBucket.Count)];
        int[] buckets = Buckets(GroupAssignment.Balance(census, 128), 128);

        Assert.Equal((8, 8), (buckets.Min(), buckets.Max()));
    }

    [Theory]
    [InlineData(1024, 0)]
    [InlineData(1024, 129)]
    [InlineData(1023, 2)]
    public void Balance_WhatCannotBe_IsAnErrorOfTheCaller(int buckets, int groups)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupAssignment.Balance(new uint[buckets], groups));
    }

    private static uint[] Census(IEnumerable<string> users)
    {
        var census = new uint[MemberBucket.Count];
        foreach (string user in users)
        {
            census[MemberBucket.Of(Stage.Id(user))]++;
        }

        return census;
    }

    private static int[] Buckets(byte[] map, int groups)
    {
        var buckets = new int[groups];
        foreach (byte group in map)
        {
            buckets[group]++;
        }

        return buckets;
    }
}
