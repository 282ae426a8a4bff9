namespace RelayServer.Rooms;

/// <summary>Evens out groups by exchanging buckets between the largest and the smallest.</summary>
internal static class BucketExchange
{
    // Close enough: a fiftieth of a group's mean size.
    private const ulong Closeness = 50;
    private const int ExchangesMax = 1024;

    /// <summary>Changes the map; how many buckets a group has stays.</summary>
    /// <param name="members">Members of each bucket.</param>
    /// <param name="map">The group of each bucket.</param>
    /// <param name="membersOf">Members of each group; kept right.</param>
    public static void EvenOut(uint[] members, byte[] map, ulong[] membersOf)
    {
        List<int>[] bucketsOf = [.. Enumerable.Range(0, membersOf.Length).Select(_ => new List<int>())];
        ulong total = 0;
        for (int bucket = 0; bucket < map.Length; bucket++)
        {
            bucketsOf[map[bucket]].Add(bucket);
            total += members[bucket];
        }

        ulong close = Math.Max(1, total / (ulong)membersOf.Length / Closeness);
        for (int i = 0; i < ExchangesMax; i++)
        {
            int largest = Array.IndexOf(membersOf, membersOf.Max());
            int smallest = Array.IndexOf(membersOf, membersOf.Min());
            ulong difference = membersOf[largest] - membersOf[smallest];
            if (difference <= close || !Best(members, bucketsOf[largest], bucketsOf[smallest], difference, out int given, out int taken))
            {
                return;
            }

            int from = bucketsOf[largest][given];
            int to = bucketsOf[smallest][taken];
            (bucketsOf[largest][given], bucketsOf[smallest][taken]) = (to, from);
            (map[from], map[to]) = ((byte)smallest, (byte)largest);
            ulong moved = members[from] - members[to];
            membersOf[largest] -= moved;
            membersOf[smallest] += moved;
        }
    }

    // The pair whose exchange moves closest to half of the difference; none that would move it all, or nothing.
    private static bool Best(uint[] members, List<int> larger, List<int> smaller, ulong difference, out int given, out int taken)
    {
        ulong least = difference;
        given = taken = -1;
        for (int i = 0; i < larger.Count; i++)
        {
            for (int j = 0; j < smaller.Count; j++)
            {
                if (members[larger[i]] <= members[smaller[j]])
                {
                    continue;
                }

                ulong twice = 2UL * (members[larger[i]] - members[smaller[j]]);
                ulong left = twice > difference ? twice - difference : difference - twice;
                if (left < least)
                {
                    (least, given, taken) = (left, i, j);
                }
            }
        }

        return given >= 0;
    }
}
