using System.Net;

namespace RelayServer.Rooms;

/// <summary>
/// Ranges of addresses of one family, to find what an address is in. Two ranges lie one in the other or apart, so that sorted
/// by where they begin an address is in the last that begins before it, or in what that one lies in.
/// </summary>
internal sealed class AddressLookup
{
    private readonly Range[] _ranges;

    private AddressLookup(Range[] ranges) => _ranges = ranges;

    public static AddressLookup Empty { get; } = new([]);

    public static AddressLookup Of(IEnumerable<KeyValuePair<IPNetwork, Restriction>> restrictions)
    {
        var sorted = restrictions
            .Select(pair => (Ends: AddressRange.EndsOf(pair.Key), Restriction: pair.Value))
            .OrderBy(pair => pair.Ends.First)
            .ThenByDescending(pair => pair.Ends.Last);
        var ranges = new List<Range>();
        foreach (((UInt128 first, UInt128 last), Restriction restriction) in sorted)
        {
            int outer = ranges.Count - 1;
            while (outer >= 0 && ranges[outer].Last < first)
            {
                outer = ranges[outer].Outer;
            }

            bool isOuterLonger = outer >= 0 && ranges[outer].Longest.UntilMilliseconds > restriction.UntilMilliseconds;
            ranges.Add(new Range(first, last, outer, isOuterLonger ? ranges[outer].Longest : restriction));
        }

        return ranges.Count == 0 ? Empty : new AddressLookup([.. ranges]);
    }

    /// <summary>What lasts longest of what is laid on an address; null when nothing is.</summary>
    public Restriction? Longest(UInt128 address)
    {
        int begun = 0;
        for (int end = _ranges.Length; begun < end;)
        {
            int middle = (begun + end) / 2;
            if (_ranges[middle].First <= address)
            {
                begun = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        int found = begun - 1;
        while (found >= 0 && _ranges[found].Last < address)
        {
            found = _ranges[found].Outer;
        }

        return found >= 0 ? _ranges[found].Longest : null;
    }

    // Outer: the index of the narrowest range that this one lies in, -1 without. Longest: of this and all that it lies in.
    private readonly record struct Range(UInt128 First, UInt128 Last, int Outer, Restriction Longest);
}
