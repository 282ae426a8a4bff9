using System.Text;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>The memory for joins and resumes stays within its bounds and has no holes.</summary>
public sealed class RecentBatchesTests
{
    private const int FrameBytes = 100;
    private readonly RecentBatches _recent = new(feedBytesMax: 350, bytesMax: 500);
    private readonly PartitionFeed _lobby = new(new EdgeRoom(Encoding.UTF8.GetBytes("lobby"), "edge"), default);
    private readonly PartitionFeed _attic = new(new EdgeRoom(Encoding.UTF8.GetBytes("attic"), "edge"), default);

    [Fact]
    public void Add_AboveTheBoundOfAChannel_ItsOldestGo()
    {
        for (ulong seq = 1; seq <= 5; seq++)
        {
            Add(_lobby, seq);
        }

        Assert.Equal([3UL, 4UL, 5UL], Seqs(_lobby));
        Assert.Equal((300, 300L), (_lobby.RecentBytes, _recent.Bytes));
    }

    [Fact]
    public void Add_AboveTheBoundOfAll_TheOldestOfAllGo()
    {
        Add(_lobby, 1);
        Add(_lobby, 2);
        Add(_lobby, 3);
        Add(_attic, 1);
        Add(_attic, 2);
        Add(_attic, 3);
        Assert.Equal([2UL, 3UL], Seqs(_lobby));
        Assert.Equal([1UL, 2UL, 3UL], Seqs(_attic));
        Assert.Equal(500, _recent.Bytes);
    }

    [Fact]
    public void Add_LargerThanTheBound_NothingBeforeItStays()
    {
        Add(_lobby, 1);
        Add(_lobby, 2, bytes: 400);
        Assert.Empty(Seqs(_lobby));
        Add(_lobby, 3);
        Assert.Equal([3UL], Seqs(_lobby));
    }

    [Fact]
    public void Clear_OneChannel_LeavesTheOthers()
    {
        Add(_lobby, 1);
        Add(_attic, 1);
        _recent.Clear(_lobby);
        Assert.Empty(Seqs(_lobby));
        Assert.Equal([1UL], Seqs(_attic));
        Assert.Equal((0, 100L), (_lobby.RecentBytes, _recent.Bytes));
    }

    private static IEnumerable<ulong> Seqs(PartitionFeed feed) => feed.Recent.Select(node => node.Value.FirstSeq);

    private void Add(PartitionFeed feed, ulong seq, int bytes = FrameBytes)
    {
        SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, new byte[bytes - FrameHeader.SizeBytes]);
        _recent.Add(feed, frame, 1, seq, seq);
        frame.Release();
    }
}
