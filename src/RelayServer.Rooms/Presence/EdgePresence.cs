namespace RelayServer.Rooms;

/// <summary>What one edge last told about a room.</summary>
/// <param name="Generation">The generation that the counts are of.</param>
/// <param name="Counts">Members by partition.</param>
/// <param name="Names">Its members; null when they are too many to be told.</param>
/// <param name="IsCounted">False while the edge is silent: it may be gone, and its members with it.</param>
internal sealed record EdgePresence(ulong Generation, uint[] Counts, byte[][]? Names, bool IsCounted = true)
{
    /// <summary>Members in all partitions. Partitions are few enough that this never overflows.</summary>
    public ulong Total { get; } = Sum(Counts);

    private static ulong Sum(uint[] counts)
    {
        ulong sum = 0;
        foreach (uint count in counts)
        {
            sum += count;
        }

        return sum;
    }
}
