using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class FlushCheckTests
{
    private static readonly LogKey Room = new("room", 0, 0);
    private static readonly SlotOwner Owner = new(Slot.Of("room"u8), "m", 1);
    private static readonly byte[] Body = [1, 2, 3];

    [Fact]
    public void MeasureBytes_GoodFlush_EachBodyOnceAndAllHeads()
    {
        FabricFlush flush = Flush();
        flush.Relays.Add(new(FabricAddress.Edge("a"), new byte[10], [0]));
        flush.Relays.Add(new(FabricAddress.Edge("b"), new byte[20], [0]));
        Assert.Equal(Body.Length + 30, FlushCheck.MeasureBytes(flush));
    }

    [Fact]
    public void MeasureBytes_AtEachLimit_GoodAndBeyondItThrows()
    {
        AssertLimit(FabricLimits.FlushAppendsMax, (flush, count) =>
        {
            for (int i = flush.Appends.Count; i < count; i++)
            {
                flush.Appends.Add(new(Room, 1, (ulong)i + 1, Body, null));
            }
        });
        AssertLimit(FabricLimits.FlushRelaysMax, (flush, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                flush.Relays.Add(new(FabricAddress.Edge("a"), default, []));
            }
        });
        AssertLimit(FabricLimits.FlushBytesMax, (flush, count) =>
            flush.Relays.Add(new(FabricAddress.Edge("a"), new byte[count - Body.Length], [])));
        AssertLimit(Slot.Count, (flush, count) =>
        {
            for (int i = 1; i < count; i++)
            {
                flush.Slots.Add(Owner);
            }
        });
        AssertLimit(FabricLimits.FlushRecordsMax, (flush, count) =>
            flush.Records.AddRange(Enumerable.Range(0, count).Select(i => new FabricRecord($"record{i}", default))));
        AssertLimit(FabricLimits.FlushDropsMax, (flush, count) =>
            flush.Drops.AddRange(Enumerable.Range(1, count).Select(i => Room with { Generation = (ulong)i })));
        AssertLimit(FabricLimits.RecordBytesMax, (flush, count) => flush.Records.Add(new("record", new byte[count])));
        AssertLimit(FabricLimits.RecordNameCharactersMax, (flush, count) => flush.Records.Add(new(new string('a', count), default)));
        AssertLimit(FabricLimits.AddressCharactersMax, (flush, count) => flush.Relays.Add(new(new(new string('a', count)), default, [])));
    }

    [Fact]
    public void MeasureBytes_Records_CountAsBytesOfTheFlush()
    {
        FabricFlush flush = Flush();
        flush.Records.Add(new("a", new byte[100]));
        flush.Records.Add(new("a", new byte[7]));
        Assert.Equal(Body.Length + 107, FlushCheck.MeasureBytes(flush));

        byte[] largest = new byte[FabricLimits.RecordBytesMax];
        flush.Records.AddRange(Enumerable.Repeat(new FabricRecord("b", largest), FabricLimits.FlushBytesMax / FabricLimits.RecordBytesMax));
        Assert.Throws<ArgumentException>(() => FlushCheck.MeasureBytes(flush));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void MeasureBytes_RecordWithoutAName_Throws(string? name)
    {
        FabricFlush flush = Flush();
        flush.Records.Add(new(name!, Body));
        Assert.Throws<ArgumentException>(() => FlushCheck.MeasureBytes(flush));
    }

    [Fact]
    public void MeasureBytes_DropOfALogThatIsAppendedTo_Throws()
    {
        FabricFlush flush = Flush();
        flush.Drops.Add(Room with { Partition = 1 });
        flush.Trims.Add(new(Room with { Partition = 1 }, 1, 1));
        FlushCheck.MeasureBytes(flush);
        flush.Drops.Add(Room);
        Assert.Throws<ArgumentException>(() => FlushCheck.MeasureBytes(flush));
    }

    [Fact]
    public void Clear_FullFlush_NothingLeft()
    {
        FabricFlush flush = Flush();
        flush.Trims.Add(new(Room, 1, 1));
        flush.Records.Add(new("a", Body));
        flush.Drops.Add(Room);
        flush.Relays.Add(new(FabricAddress.Edge("a"), Body, []));
        flush.Clear();
        Assert.Equal(0, flush.Slots.Count + flush.Appends.Count + flush.Trims.Count + flush.Records.Count + flush.Drops.Count + flush.Relays.Count);
    }

    [Fact]
    public void MeasureBytes_OneLogSeveralTimes_MustGrow()
    {
        FabricFlush flush = Flush();
        flush.Appends.Add(new(Room with { Partition = 1 }, 1, 1, Body, null));
        flush.Appends.Add(new(Room, 1, 2, Body, null));
        FlushCheck.MeasureBytes(flush);
        flush.Appends.Add(new(Room, 1, 2, Body, null));
        Assert.Throws<ArgumentException>(() => FlushCheck.MeasureBytes(flush));
    }

    private static void AssertLimit(int limit, Action<FabricFlush, int> fill)
    {
        FabricFlush flush = Flush();
        fill(flush, limit);
        FlushCheck.MeasureBytes(flush);
        flush = Flush();
        fill(flush, limit + 1);
        Assert.Throws<ArgumentException>(() => FlushCheck.MeasureBytes(flush));
    }

    private static FabricFlush Flush()
    {
        var flush = new FabricFlush();
        flush.Slots.Add(Owner);
        flush.Appends.Add(new(Room, 1, 1, Body, null));
        return flush;
    }
}
