using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Flushes: atomic, fenced, safe to repeat.</summary>
public abstract class FlushContract(IFabricHost host) : FabricContract(host)
{
    [Fact]
    public async Task FlushAsync_Owner_AppendsAndRelaysExactly()
    {
        MessageCollector one = await CollectAsync(Edge1);
        MessageCollector two = await CollectAsync(Edge2);
        ulong epoch = await ClaimAsync(Fabric, Master);
        var hall = new LogKey("hall", 3, 1);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 2, 2), Append(hall, epoch, 1, payloadBytes: 70_000))
            .WithRelay(Edge1, Bytes("head one"), 0, 1)
            .WithRelay(Edge2, Bytes("head two"), 1)
            .WithRelay(Edge1, [], 1, 0)
            .WithRelay(Edge2, Bytes("head only"));

        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));

        byte[] room = flush.Appends[0].Body.ToArray();
        byte[] large = flush.Appends[1].Body.ToArray();
        Assert.Equal((byte[])[.. Bytes("head one"), .. Bin32(room), .. Bin32(large)], await one.NextAsync());
        Assert.Equal((byte[])[.. Bin32(large), .. Bin32(room)], await one.NextAsync());
        Assert.Equal((byte[])[.. Bytes("head two"), .. Bin32(large)], await two.NextAsync());
        Assert.Equal(Bytes("head only"), await two.NextAsync());
        LogEntry entry = Assert.Single((await ReadAllAsync(Room)).Entries);
        Assert.Equal((epoch, 2UL), (entry.Epoch, entry.LastSeq));
        Assert.Equal(room, entry.Body);
        Assert.Equal(large, Assert.Single((await ReadAllAsync(hall)).Entries).Body);
    }

    [Fact]
    public async Task FlushAsync_StaleOwner_HasNoEffect()
    {
        MessageCollector received = await CollectAsync(Edge1);
        ulong stale = await ClaimAsync(Fabric, Master);
        ulong present = await ClaimAsync(Other, OtherMaster);

        FabricFlush flush = Flush(Master, stale, Append(Room, stale, 1)).WithRelay(Edge1, Bytes("stale"), 0);
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));

        Assert.Empty((await ReadAllAsync(Room)).Entries);
        await AssertNothingSentAsync(Fabric, Edge1, received);
        Assert.Equal(FlushStatus.Committed, await Other.FlushAsync(Flush(OtherMaster, present, Append(Room, present, 1)), Cancel));
    }

    [Fact]
    public async Task FlushAsync_SameEpochOtherMaster_Fenced()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(Flush(OtherMaster, epoch, Append(Room, epoch, 1))));
        Assert.Empty((await ReadAllAsync(Room)).Entries);
    }

    [Fact]
    public async Task FlushAsync_OneStaleSlotOfMany_NothingApplied()
    {
        MessageCollector received = await CollectAsync(Edge1);
        ulong stale = await ClaimAsync(Fabric, Master);
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricAppend[] appends = [.. Enumerable.Range(0, 20).Select(i => Append(new($"room{i}", 0, 0), epoch, 1))];
        FabricFlush flush = Flush(Master, epoch, appends).WithRelay(Edge1, Bytes("x"), 0);
        flush.Slots[^1] = flush.Slots[^1] with { Epoch = stale };

        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));

        foreach (FabricAppend append in appends)
        {
            Assert.Empty((await ReadAllAsync(append.Log)).Entries);
        }

        await AssertNothingSentAsync(Fabric, Edge1, received);
    }

    [Fact]
    public async Task FlushAsync_WithoutAppends_ChecksSlotsAndRelays()
    {
        MessageCollector received = await CollectAsync(Edge1);
        ulong stale = await ClaimAsync(Fabric, Master);
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricFlush flush = new();
        flush.Slots.Add(OwnerOf(Room, Master, stale));
        flush.WithRelay(Edge1, Bytes("ephemeral"));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));
        await AssertNothingSentAsync(Fabric, Edge1, received);

        flush.Slots[0] = OwnerOf(Room, Master, epoch);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(Bytes("ephemeral"), await received.NextAsync());
    }

    [Fact]
    public async Task FlushAsync_NeverClaimed_StoreChanged()
    {
        Assert.Equal(FlushStatus.StoreChanged, await FlushAsync(Flush(Master, 1, Append(Room, 1, 1))));
        Assert.Empty((await ReadAllAsync(Room)).Entries);
    }

    [Fact]
    public async Task FlushAsync_EpochThatTheStoreNeverGave_StoreChanged()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.StoreChanged, await FlushAsync(Flush(Master, epoch + 1, Append(Room, epoch + 1, 1))));
        Assert.Empty((await ReadAllAsync(Room)).Entries);
    }

    [Fact]
    public async Task FlushAsync_Repeated_NoDoubledEntryButRelaysAgain()
    {
        MessageCollector received = await CollectAsync(Edge1);
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 3, 3), Append(new("hall", 0, 0), epoch, 1))
            .WithRelay(Edge1, Bytes("h"), 0);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
            Assert.Equal((byte[])[.. Bytes("h"), .. Bin32(flush.Appends[0].Body.ToArray())], await received.NextAsync());
        }

        Assert.Single((await ReadAllAsync(Room)).Entries);
        Assert.Single((await ReadAllAsync(new("hall", 0, 0))).Entries);
    }

    [Fact]
    public async Task FlushAsync_RepeatedWithSeveralEntriesOfOneLogAndTrim_NoDoubledEntry()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricAppend last = Append(Room, epoch, 3) with { TrimBefore = (epoch, 3) };
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 1), Append(Room, epoch, 2), last);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        LogPage once = await ReadAllAsync(Room);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(once.Entries.Select(e => e.LastSeq), (await ReadAllAsync(Room)).Entries.Select(e => e.LastSeq));
        Assert.Equal(3UL, once.Entries[^1].LastSeq);
    }

    [Fact]
    public async Task FlushAsync_SamePlaceOtherBody_FencedAndNothingApplied()
    {
        var hall = new LogKey("hall", 0, 0);
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricAppend first = Append(Room, epoch, 1);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, first)));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(Flush(Master, epoch, Append(hall, epoch, 1), Append(Room, epoch, 1))));
        Assert.Equal(first.Body, Assert.Single((await ReadAllAsync(Room)).Entries).Body);
        Assert.Empty((await ReadAllAsync(hall)).Entries);
    }

    [Fact]
    public async Task FlushAsync_LogIsBeyond_FencedAndNothingApplied()
    {
        var hall = new LogKey("hall", 0, 0);
        MessageCollector received = await CollectAsync(Edge1);
        ulong epoch = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, 10))));
        FabricFlush flush = Flush(Master, epoch, Append(hall, epoch, 1), Append(Room, epoch, 9)).WithRelay(Edge1, Bytes("x"), 0);
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(flush));
        Assert.Empty((await ReadAllAsync(hall)).Entries);
        Assert.Equal(10UL, Assert.Single((await ReadAllAsync(Room)).Entries).LastSeq);
        await AssertNothingSentAsync(Fabric, Edge1, received);
    }

    [Fact]
    public async Task FlushAsync_ManyChannels_AllAppended()
    {
        const int Rooms = 2000;
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricAppend[] appends = [.. Enumerable.Range(0, Rooms).Select(i => Append(new($"room{i}", 0, 0), epoch, 5, 5))];
        MessageCollector received = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, appends).WithRelay(Edge1, Bytes("h"), [.. Enumerable.Range(0, Rooms)]);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        byte[] expected = [.. Bytes("h"), .. appends.SelectMany(append => Bin32(append.Body.ToArray()))];
        Assert.Equal(expected, await received.NextAsync());
        foreach (FabricAppend append in appends)
        {
            Assert.Equal(append.Body, Assert.Single((await ReadAllAsync(append.Log)).Entries).Body);
        }
    }

    [Fact]
    public async Task FlushAsync_LargeBody_AppendedAndRelayed()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        MessageCollector received = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, Append(Room, epoch, 1, payloadBytes: 4 * 1024 * 1024)).WithRelay(Edge1, [], 0);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(Bin32(flush.Appends[0].Body.ToArray()), await received.NextAsync());
        Assert.Equal(flush.Appends[0].Body, Assert.Single((await ReadAllAsync(Room)).Entries).Body);
    }

    [Fact]
    public async Task FlushAsync_BodyIsPartOfABuffer_OnlyThatPartIsKept()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        byte[] body = Deliver(Room, epoch, 1);
        byte[] buffer = [1, 2, .. body, 3];
        MessageCollector received = await CollectAsync(Edge1);
        FabricFlush flush = Flush(Master, epoch, new FabricAppend(Room, epoch, 1, buffer.AsMemory(2, body.Length), null))
            .WithRelay(Edge1, [], 0);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        Assert.Equal(body, Assert.Single((await ReadAllAsync(Room)).Entries).Body);
        Assert.Equal(Bin32(body), await received.NextAsync());
    }

    [Fact]
    public async Task FlushAsync_LargestNumbers_KeptExactly()
    {
        const ulong Epoch = FabricLimits.NumberMax;
        Assert.Equal(Epoch, await ClaimAsync(Fabric, Master, FabricLimits.NumberMax - 1));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, Epoch, Append(Room, Epoch, FabricLimits.NumberMax - 1))));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, Epoch, Append(Room, Epoch, FabricLimits.NumberMax))));
        Assert.Equal(
            [FabricLimits.NumberMax - 1, FabricLimits.NumberMax], (await ReadAllAsync(Room)).Entries.Select(e => e.LastSeq));
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(Flush(Master, Epoch - 1, Append(Room, Epoch - 1, 1))));
    }

    [Fact]
    public async Task FlushAsync_SenselessFlush_ThrowsAndAppliesNothing()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricFlush[] senseless =
        [
            Flush(Master, epoch, Append(Room, epoch, 1)).WithRelay(Edge1, [], 1),
            Flush(Master, epoch, Append(Room, epoch, 1)).WithRelay(Edge1, [], -1),
            Flush(Master, epoch, Append(Room, epoch, 1)).WithRelay(default, [], 0),
            Flush(Master, epoch, Append(Room, epoch, 1)).WithRelay(Edge1, [], 0, 0),
            Flush(Master, epoch, Append(Room, epoch, 2), Append(Room, epoch, 1)),
            Flush(Master, epoch, Append(Room, epoch, 2), Append(Room, epoch, 2)),
            Flush(Master, epoch, new FabricAppend(Room, epoch, 0, Bytes("x"), null)),
            Flush(Master, epoch, new FabricAppend(Room, epoch, FabricLimits.NumberMax + 1, Bytes("x"), null)),
            Flush(Master, epoch, new FabricAppend(Room, epoch, 1, new byte[FabricLimits.FlushBytesMax + 1], null)),
        ];
        foreach (FabricFlush flush in senseless)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => FlushAsync(flush));
        }

        Assert.Empty((await ReadAllAsync(Room)).Entries);
    }
}
