using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>In which order the logs of a room are read.</summary>
public sealed class ChannelLoadTests
{
    [Fact]
    public void After_RoomOfManyLogs_GoesThroughThemInOrderWithoutSearching()
    {
        ChannelState channel = Room(generations: 20);
        PartitionLog[] logs = [.. channel.Logs];
        Assert.InRange(logs.Length, 1000, int.MaxValue);
        var visited = new List<PartitionLog>(logs.Length);
        Assert.Null(channel.After(logs[^1]));
        Assert.Same(logs[1], channel.After(logs[0]));

        // One that goes through the list from its beginning allocates for that.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (PartitionLog? log = logs[0]; log is not null; log = channel.After(log))
        {
            visited.Add(log);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(logs, visited);
    }

    [Fact]
    public void After_OnlyLogOfARoom_IsTheLast()
    {
        ChannelState channel = Room(generations: 0);
        Assert.Null(channel.After(Assert.Single(channel.Logs)));
    }

    // Undivided and split in turns.
    private static ChannelState Room(int generations)
    {
        var state = new RoomState();
        string[] edges = [.. Enumerable.Range(0, Partitioning.PartitionsMax).Select(edge => $"edge-{edge}")];
        for (int generation = 1; generation <= generations; generation++)
        {
            state.Begin(generation % 2 == 0 ? Partitioning.Whole((ulong)generation) : Partitioning.ByEdges((ulong)generation, edges));
        }

        var channel = new ChannelState([.. "room"u8], 1, new MasterOptions());
        channel.Restore(state);
        return channel;
    }
}
