using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Named values, as part of a flush.</summary>
public abstract class RecordContract(IFabricHost host) : FabricContract(host)
{
    [Fact]
    public async Task ReadRecordAsync_NeverWritten_Null() => Assert.Null(await Fabric.ReadRecordAsync("room", Cancel));

    [Fact]
    public async Task FlushAsync_RecordBesideAnAppend_BothAreThereAndRepeatingIsSafe()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        MessageCollector edge = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 1)).WithRelay(Edge1, Bytes("head"), 0);
        flush.Records.Add(new("room", Bytes("one")));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
            Assert.Equal((byte[])[.. Bytes("head"), .. Bin32(flush.Appends[0].Body.ToArray())], await edge.NextAsync());
            Assert.Equal(Bytes("one"), await Other.ReadRecordAsync("room", Cancel));
            Assert.Single((await ReadAllAsync(Room)).Entries);
        }
    }

    [Fact]
    public async Task FlushAsync_RecordAgain_TheLastOneStays()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        await WriteAsync(epoch, new FabricRecord("room", Bytes("one")), new FabricRecord("hall", Bytes("x")));
        await WriteAsync(epoch, new FabricRecord("room", Bytes("two")), new FabricRecord("room", Bytes("three")));
        Assert.Equal(Bytes("three"), await Fabric.ReadRecordAsync("room", Cancel));
        Assert.Equal(Bytes("x"), await Fabric.ReadRecordAsync("hall", Cancel));
        Assert.Null(await Fabric.ReadRecordAsync("Room", Cancel));
    }

    [Fact]
    public async Task FlushAsync_RecordWithoutABody_IsThereNoMore()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        await WriteAsync(epoch, new FabricRecord("room", Bytes("one")), new FabricRecord("hall", Bytes("x")));
        await WriteAsync(epoch, new FabricRecord("room", default), new FabricRecord("never", default));
        Assert.Null(await Other.ReadRecordAsync("room", Cancel));
        Assert.Equal(["hall"], (await ListAsync(10)).Keys);

        // Of two with one name it is the last that holds.
        await WriteAsync(epoch, new FabricRecord("room", default), new FabricRecord("room", Bytes("two")));
        await WriteAsync(epoch, new FabricRecord("hall", Bytes("y")), new FabricRecord("hall", default));
        Assert.Equal(["room"], (await ListAsync(10)).Keys);
        Assert.Equal(Bytes("two"), await Fabric.ReadRecordAsync("room", Cancel));
    }

    [Fact]
    public async Task FlushAsync_RecordOfAFencedMaster_NothingWritten()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        await WriteAsync(epoch, new FabricRecord("room", Bytes("before")));
        await ClaimAsync(Other, OtherMaster);
        FabricFlush stale = Flush(Master, epoch, Append(Room, epoch, 1));
        stale.Records.Add(new("room", Bytes("stale")));
        stale.Records.Add(new("hall", Bytes("stale")));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(stale));
        stale.Appends.Clear();
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(stale));
        Assert.Equal(Bytes("before"), await Fabric.ReadRecordAsync("room", Cancel));
        Assert.Null(await Fabric.ReadRecordAsync("hall", Cancel));
    }

    [Fact]
    public async Task FlushAsync_RecordBesideALogThatIsBeyond_NothingWritten()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 5))));
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 4));
        flush.Records.Add(new("room", Bytes("x")));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));
        Assert.Null(await Fabric.ReadRecordAsync("room", Cancel));
    }

    [Fact]
    public async Task FlushAsync_AnyBody_KeptExactly()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] largest = new byte[FabricLimits.RecordBytesMax];
        Random.Shared.NextBytes(largest);
        byte[] buffer = [9, 9, .. all, 9];
        string longest = new('ü', FabricLimits.RecordNameCharactersMax);
        await WriteAsync(
            epoch,
            new FabricRecord("part", buffer.AsMemory(2, all.Length)),
            new FabricRecord(longest, largest), new FabricRecord("a:b {c} *", all));
        Assert.Equal(all, await Fabric.ReadRecordAsync("part", Cancel));
        Assert.Equal(largest, await Fabric.ReadRecordAsync(longest, Cancel));
        Assert.Equal(all, await Fabric.ReadRecordAsync("a:b {c} *", Cancel));
    }

    [Fact]
    public async Task FlushAsync_AsManyRecordsAsAFlushMayHave_AllWritten()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricRecord[] records =
            [.. Enumerable.Range(0, FabricLimits.FlushRecordsMax).Select(i => new FabricRecord($"room{i}", BitConverter.GetBytes(i)))];
        await WriteAsync(epoch, records);
        foreach (int max in (int[])[50, FabricLimits.ListRecordsMax])
        {
            Dictionary<string, byte[]> listed = await ListAsync(max);
            Assert.Equal(records.Length, listed.Count);
            Assert.All(records, record => Assert.Equal(record.Body.ToArray(), listed[record.Name]));
        }
    }

    // Many times what one answer should hold.
    [Fact]
    public async Task ListRecordsAsync_LargeBodies_EveryOneIsListed()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        for (int flush = 0; flush < 4; flush++)
        {
            await WriteAsync(epoch, [.. Enumerable.Range(0, 10).Select(i => new FabricRecord($"room{flush}{i}", new byte[FabricLimits.RecordBytesMax]))]);
        }

        Assert.Equal(40, (await ListAsync(FabricLimits.ListRecordsMax)).Count);
    }

    [Fact]
    public async Task ListRecordsAsync_NoRecords_EndsWithNone() => Assert.Empty(await ListAsync(10));

    [Theory]
    [InlineData(0)]
    [InlineData(FabricLimits.ListRecordsMax + 1)]
    public async Task ListRecordsAsync_SenselessNumber_Throws(int max) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Fabric.ListRecordsAsync(0, max, Cancel));

    [Fact]
    public async Task ReadRecordAsync_SenselessName_Throws()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Fabric.ReadRecordAsync("", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Fabric.ReadRecordAsync(new('a', FabricLimits.RecordNameCharactersMax + 1), Cancel));
    }

    private async Task<Dictionary<string, byte[]>> ListAsync(int max)
    {
        var records = new Dictionary<string, byte[]>();
        ulong cursor = 0;
        do
        {
            RecordList list = await Fabric.ListRecordsAsync(cursor, max, Cancel);
            foreach (FabricRecord record in list.Records)
            {
                records[record.Name] = record.Body.ToArray();
            }

            cursor = list.Next;
        }
        while (cursor != 0);
        return records;
    }

    private async Task WriteAsync(ulong epoch, params FabricRecord[] records)
    {
        var flush = new FabricFlush();
        flush.Slots.Add(OwnerOf(Room, Master, epoch));
        flush.Records.AddRange(records);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
    }
}
