namespace RelayServer.Rooms;

/// <summary>Deals the buckets of users out to groups of similar size.</summary>
public static class GroupAssignment
{
    /// <summary>
    /// The group of each bucket, for <see cref="Partitioning.ByGroups"/>: the largest bucket first, each to the group that is smallest so far;
    /// buckets without members then go where there are the fewest buckets, so that who comes later is spread as well. Where the
    /// groups have only a few buckets each, and so some one more than others, buckets are exchanged until that is evened out.
    /// Equal input, equal map.
    /// </summary>
    /// <param name="membersPerBucket">Members in each of the <see cref="MemberBucket.Count"/> buckets.</param>
    /// <param name="groups">How many groups; 1 to <see cref="Partitioning.PartitionsMax"/>.</param>
    public static byte[] Balance(ReadOnlySpan<uint> membersPerBucket, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(membersPerBucket.Length, MemberBucket.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, Partitioning.PartitionsMax);
        uint[] members = membersPerBucket.ToArray();
        var map = new byte[MemberBucket.Count];
        var membersOf = new ulong[groups];
        var bucketsOf = new int[groups];
        foreach (int bucket in Enumerable.Range(0, MemberBucket.Count).OrderByDescending(bucket => members[bucket]))
        {
            int group = members[bucket] > 0 ? Smallest(membersOf, bucketsOf) : Fewest(membersOf, bucketsOf);
            map[bucket] = (byte)group;
            membersOf[group] += members[bucket];
            bucketsOf[group]++;
        }

        BucketExchange.EvenOut(members, map, membersOf);
        return map;
    }

    /// <summary>Members of each group, for the notice of a split.</summary>
    public static uint[] Sizes(ReadOnlySpan<uint> membersPerBucket, ReadOnlySpan<byte> groupOfBucket, int groups)
    {
        var sizes = new uint[groups];
        for (int bucket = 0; bucket < groupOfBucket.Length; bucket++)
        {
            sizes[groupOfBucket[bucket]] += membersPerBucket[bucket];
        }

        return sizes;
    }

    private static int Smallest(ulong[] membersOf, int[] bucketsOf)
    {
        int best = 0;
        for (int group = 1; group < membersOf.Length; group++)
        {
            best = (membersOf[group], bucketsOf[group]).CompareTo((membersOf[best], bucketsOf[best])) < 0 ? group : best;
        }

        return best;
    }

    private static int Fewest(ulong[] membersOf, int[] bucketsOf)
    {
        int best = 0;
        for (int group = 1; group < membersOf.Length; group++)
        {
            best = (bucketsOf[group], membersOf[group]).CompareTo((bucketsOf[best], membersOf[best])) < 0 ? group : best;
        }

        return best;
    }
}
