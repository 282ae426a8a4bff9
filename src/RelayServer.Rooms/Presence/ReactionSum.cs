using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Reactions since they were last taken, summed by kind.</summary>
public sealed class ReactionSum
{
    /// <summary>Kinds of reactions: their numbers are below this.</summary>
    public const int KindsMax = ProtocolLimits.ReactionsMax;

    private readonly uint[] _counts = new uint[KindsMax];

    /// <summary>True when there is nothing to take.</summary>
    public bool IsEmpty => !_counts.AsSpan().ContainsAnyExcept(0u);

    /// <summary>Adds to a sum; one that is full stays full.</summary>
    /// <returns>False when there is no such kind.</returns>
    public bool Add(uint reaction, uint count)
    {
        if (reaction >= KindsMax)
        {
            return false;
        }

        ref uint sum = ref _counts[reaction];
        sum = sum > uint.MaxValue - count ? uint.MaxValue : sum + count;
        return true;
    }

    /// <summary>The sums that are not 0, by kind; they begin again at 0.</summary>
    public IReadOnlyList<(byte Reaction, uint Count)> Take()
    {
        var taken = new List<(byte Reaction, uint Count)>();
        for (int reaction = 0; reaction < KindsMax; reaction++)
        {
            if (_counts[reaction] > 0)
            {
                taken.Add(((byte)reaction, _counts[reaction]));
            }
        }

        Array.Clear(_counts);
        return taken;
    }
}
