using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Trimming logs at once, and listing them.</summary>
public abstract class TrimContract(IFabricHost host) : FabricContract(host)
{
    private static readonly LogKey Hall = new("hall", 2, 3);

    [Fact]
    public async Task FlushAsync_Trims_EntriesLeaveAtOnceAndOnlyFromThatLog()
    {
        ulong epoch = await AppendAsync(Room, 1, 2, 3);
        await AppendAsync(Hall, 1, 2, 3);
        await TrimAsync(Room, await ClaimAsync(Fabric, Master), new FabricTrim(Room, epoch, 3));
        await AssertSeqsAsync(Room, 3);
        await AssertSeqsAsync(Hall, 1, 2, 3);
    }

    [Fact]
    public async Task FlushAsync_TrimsBesideAnAppend_AfterItAndBothOnceWhenRepeated()
    {
        await AppendAsync(Room, 1, 2);
        ulong epoch = await ClaimAsync(Fabric, Master);
        MessageCollector edge = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 3)).WithRelay(Edge1, Bytes("head"));
        flush.Trims.Add(new FabricTrim(Room, epoch, 3));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        await AssertSeqsAsync(Room, 3);
        Assert.Equal(Bytes("head"), await edge.NextAsync());
        Assert.Equal(Bytes("head"), await edge.NextAsync());
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 4))));
        await AssertSeqsAsync(Room, 3, 4);
    }

    // The last entry carries the log's end.
    [Fact]
    public async Task FlushAsync_TrimBeyondTheEnd_NothingLeaves()
    {
        ulong epoch = await AppendAsync(Room, 1, 2);
        ulong next = await ClaimAsync(Fabric, Master);
        await TrimAsync(Room, next, new FabricTrim(Room, epoch, 3));
        await TrimAsync(Room, next, new FabricTrim(Room, epoch + 1, 0));
        await AssertSeqsAsync(Room, 1, 2);
    }

    [Fact]
    public async Task FlushAsync_TrimOfAnUnknownLog_Nothing()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        await TrimAsync(Room, epoch, new FabricTrim(Room, epoch, 3));
        await AssertSeqsAsync(Room);
    }

    [Fact]
    public async Task FlushAsync_TrimsOfAFencedMaster_NothingLeaves()
    {
        ulong epoch = await AppendAsync(Room, 1, 2);
        await ClaimAsync(Other, OtherMaster);
        var flush = new FabricFlush();
        flush.Slots.Add(OwnerOf(Room, Master, epoch));
        flush.Trims.Add(new FabricTrim(Room, epoch, 2));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));
        await AssertSeqsAsync(Room, 1, 2);
    }

    [Fact]
    public async Task FlushAsync_TrimBeyondTheLimits_Throws()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        var flush = new FabricFlush();
        flush.Slots.Add(OwnerOf(Room, Master, epoch));
        flush.Trims.Add(new FabricTrim(Room, epoch, FabricLimits.NumberMax + 1));
        await Assert.ThrowsAsync<ArgumentException>(() => FlushAsync(flush));
        flush.Trims.Clear();
        flush.Trims.AddRange(Enumerable.Repeat(new FabricTrim(Room, epoch, 1), FabricLimits.FlushTrimsMax + 1));
        await Assert.ThrowsAsync<ArgumentException>(() => FlushAsync(flush));
    }

    [Fact]
    public async Task ListLogsAsync_NoLogs_EndsWithNone() => Assert.Empty(await ListAsync(10));

    [Fact]
    public async Task ListLogsAsync_ManyLogs_EveryOneIsListedAndTheEndIsReached()
    {
        LogKey[] logs = [Hall, new("a:b", 0, 0), .. Enumerable.Range(0, 200).Select(i => new LogKey($"room{i}", 0, 0))];
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, [.. logs.Select(log => Append(log, epoch, 1))])));
        foreach (int max in (int[])[7, 202, FabricLimits.ListLogsMax])
        {
            Assert.Equal(logs.ToHashSet(), await ListAsync(max));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(FabricLimits.ListLogsMax + 1)]
    public async Task ListLogsAsync_SenselessNumber_Throws(int max) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Fabric.ListLogsAsync(0, max, Cancel));

    private async Task<HashSet<LogKey>> ListAsync(int max)
    {
        var logs = new HashSet<LogKey>();
        ulong cursor = 0;
        do
        {
            LogList list = await Fabric.ListLogsAsync(cursor, max, Cancel);
            logs.UnionWith(list.Logs);
            cursor = list.Next;
        }
        while (cursor != 0);
        return logs;
    }

    private async Task<ulong> AppendAsync(LogKey log, params ulong[] seqs)
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricFlush flush = Flush(Master, epoch, [.. seqs.Select(seq => Append(log, epoch, seq))]);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        return epoch;
    }

    private async Task TrimAsync(LogKey log, ulong owner, FabricTrim trim)
    {
        var flush = new FabricFlush();
        flush.Slots.Add(OwnerOf(log, Master, owner));
        flush.Trims.Add(trim);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
    }

    private async Task AssertSeqsAsync(LogKey log, params ulong[] seqs) =>
        Assert.Equal(seqs, (await ReadAllAsync(log)).Entries.Select(entry => entry.LastSeq));
}
