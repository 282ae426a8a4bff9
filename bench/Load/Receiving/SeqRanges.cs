namespace RelayServer.Bench.Load.Receiving;

/// <summary>The sequence numbers that a member has not received although it received later ones.</summary>
internal sealed class SeqRanges
{
    private readonly List<(ulong First, ulong Last)> _ranges = [];

    /// <summary>How many numbers are in the ranges.</summary>
    public long Count { get; private set; }

    /// <summary>Adds the numbers from <paramref name="first"/> to <paramref name="last"/>, which are above all that were added before.</summary>
    public void Add(ulong first, ulong last)
    {
        _ranges.Add((first, last));
        Count += (long)(last - first) + 1;
    }

    /// <summary>True when the number is in a range.</summary>
    public bool Contains(ulong seq) => IndexOf(seq) >= 0;

    /// <summary>Takes a number out; false when it is in no range.</summary>
    public bool Remove(ulong seq)
    {
        int index = IndexOf(seq);
        if (index < 0)
        {
            return false;
        }

        (ulong first, ulong last) = _ranges[index];
        _ranges.RemoveAt(index);
        if (seq < last)
        {
            _ranges.Insert(index, (seq + 1, last));
        }

        if (first < seq)
        {
            _ranges.Insert(index, (first, seq - 1));
        }

        Count--;
        return true;
    }

    private int IndexOf(ulong seq)
    {
        int low = 0;
        int high = _ranges.Count - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            if (seq < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (seq > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
