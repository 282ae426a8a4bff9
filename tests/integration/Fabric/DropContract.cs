using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Deleting whole logs.</summary>
public abstract class DropContract(IFabricHost host) : FabricContract(host)
{
    private static readonly LogKey Next = Room with { Generation = 1 };

    [Fact]
    public async Task FlushAsync_Drops_LogIsGoneAndOnlyThatOne()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        LogKey other = Room with { Partition = 1 };
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 1), Append(Room, epoch, 2), Append(other, epoch, 1))));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Drop(epoch, Room)));
        Assert.Empty((await ReadAllAsync(Room)).Entries);
        Assert.Empty((await Fabric.ReadTailAsync(Room, 10, 1000, Cancel)).Entries);
        Assert.Single((await ReadAllAsync(other)).Entries);
        Assert.Equal([other], await ListAsync());
    }

    [Fact]
    public async Task FlushAsync_DropBesideAppendsAndARecord_AllAtOnceAndRepeatingIsSafe()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 1))));
        MessageCollector edge = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, Append(Next, epoch, 1)).WithRelay(Edge1, Bytes("head"), 0);
        flush.Trims.Add(new FabricTrim(Room, epoch, 1));
        flush.Drops.Add(Room);
        flush.Records.Add(new("room", Bytes("state")));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
            Assert.Equal((byte[])[.. Bytes("head"), .. Bin32(flush.Appends[0].Body.ToArray())], await edge.NextAsync());
            Assert.Equal([Next], await ListAsync());
            Assert.Single((await ReadAllAsync(Next)).Entries);
        }

        Assert.Equal(Bytes("state"), await Fabric.ReadRecordAsync("room", Cancel));
    }

    // Ids that a log had do not bind the one that comes after it.
    [Fact]
    public async Task FlushAsync_AppendToADroppedLog_BeginsAnewAtAnyPlace()
    {
        ulong early = await ClaimAsync(Fabric, Master);
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 7), Append(Room, epoch, 8))));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Drop(epoch, Room)));

        FabricAppend first = Append(Room, early, 3);
        FabricFlush flush = Flush(Master, epoch, first);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        LogEntry entry = Assert.Single((await ReadAllAsync(Room)).Entries);
        Assert.Equal((early, 3UL), (entry.Epoch, entry.LastSeq));
        Assert.Equal(first.Body, entry.Body);
        Assert.Equal([Room], await ListAsync());
    }

    [Fact]
    public async Task FlushAsync_DropOfAnUnknownLog_Nothing()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Drop(epoch, Room, Room)));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task FlushAsync_DropsOfAFencedMaster_NothingLeaves()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 1))));
        await ClaimAsync(Other, OtherMaster);
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(Drop(epoch, Room)));
        Assert.Single((await ReadAllAsync(Room)).Entries);
        Assert.Equal([Room], await ListAsync());
    }

    [Fact]
    public async Task FlushAsync_DropBesideALogThatIsBeyond_NothingLeaves()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 1), Append(Next, epoch, 5))));
        FabricFlush flush = Flush(Master, epoch, Append(Next, epoch, 4));
        flush.Drops.Add(Room);
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));
        Assert.Single((await ReadAllAsync(Room)).Entries);
    }

    [Fact]
    public async Task FlushAsync_DropOfALogThatIsAppendedTo_Throws()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 1));
        flush.Drops.Add(Room);
        await Assert.ThrowsAsync<ArgumentException>(() => FlushAsync(flush));
        Assert.Empty((await ReadAllAsync(Room)).Entries);
    }

    // A log may be dropped with more entries than a store deletes at a time, and come again before they are all gone.
    [Fact]
    public async Task FlushAsync_DropOfManyEntriesAgainAndAgain_NothingOfThemComesBack()
    {
        const int Entries = 1000;
        ulong epoch = await ClaimAsync(Fabric, Master);
        for (int round = 0; round < 3; round++)
        {
            FabricAppend[] appends = [.. Enumerable.Range(1, Entries).Select(i => Append(Room, epoch, (ulong)i))];
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, appends)));
            Assert.Equal(
                appends.Select(append => append.Body.ToArray()), (await ReadAllAsync(Room)).Entries.Select(entry => entry.Body.ToArray()));
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Drop(epoch, Room)));
            Assert.Empty((await ReadAllAsync(Room)).Entries);
            Assert.Empty(await ListAsync());
        }
    }

    [Fact]
    public async Task FlushAsync_AsManyDropsAsAFlushMayHave_AllGone()
    {
        LogKey[] logs = [.. Enumerable.Range(0, FabricLimits.FlushDropsMax).Select(i => new LogKey("room", (ulong)i / 128, (uint)i % 128))];
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, [.. logs.Select(log => Append(log, epoch, 1))])));
        Assert.Equal(logs.Length, (await ListAsync()).Count);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Drop(epoch, logs)));
        Assert.Empty(await ListAsync());
    }

    private static FabricFlush Drop(ulong epoch, params LogKey[] logs)
    {
        var flush = new FabricFlush();
        flush.Slots.Add(OwnerOf(Room, Master, epoch));
        flush.Drops.AddRange(logs);
        return flush;
    }

    private async Task<HashSet<LogKey>> ListAsync()
    {
        var logs = new HashSet<LogKey>();
        ulong cursor = 0;
        do
        {
            LogList list = await Fabric.ListLogsAsync(cursor, 1000, Cancel);
            logs.UnionWith(list.Logs);
            cursor = list.Next;
        }
        while (cursor != 0);
        return logs;
    }
}
