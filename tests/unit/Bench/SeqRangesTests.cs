using RelayServer.Bench.Load.Receiving;

namespace RelayServer.UnitTests.Bench;

public sealed class SeqRangesTests
{
    [Fact]
    public void Remove_InTheMiddle_SplitsTheRange()
    {
        var ranges = new SeqRanges();
        ranges.Add(5, 9);

        Assert.True(ranges.Remove(7));

        Assert.Equal(4, ranges.Count);
        Assert.True(ranges.Contains(5) && ranges.Contains(6) && ranges.Contains(8) && ranges.Contains(9));
        Assert.False(ranges.Contains(7));
        Assert.False(ranges.Remove(7));
    }

    [Fact]
    public void Remove_RandomOrder_EmptiesTheRanges()
    {
        int seed = Random.Shared.Next();
        var ranges = new SeqRanges();
        ranges.Add(1, 50);
        ranges.Add(60, 60);
        ranges.Add(100, 149);
        ulong[] all = [.. Enumerable.Range(1, 50).Append(60).Concat(Enumerable.Range(100, 50)).Select(seq => (ulong)seq)];
        new Random(seed).Shuffle(all);

        foreach (ulong seq in all)
        {
            Assert.True(ranges.Remove(seq), $"seed {seed}: {seq} was not there");
            Assert.False(ranges.Contains(seq), $"seed {seed}: {seq} is still there");
        }

        Assert.Equal(0, ranges.Count);
    }
}
