using RelayServer.Fabric;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Reading and trimming logs.</summary>
public abstract class LogContract(IFabricHost host) : FabricContract(host)
{
    private ulong _epoch;

    [Fact]
    public async Task Read_UnknownLog_Empty()
    {
        Assert.Same(LogPage.Empty, await Fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel));
        Assert.Same(LogPage.Empty, await Fabric.ReadTailAsync(Room, 10, 1000, Cancel));
    }

    [Fact]
    public async Task Read_OtherGenerationOrPartition_OtherLog()
    {
        LogKey[] logs = [Room, Room with { Generation = 1 }, Room with { Partition = 1 }, new("1:room", 0, 0), new("room:1", 0, 0)];
        ulong epoch = await ClaimAsync(Fabric, Master);
        foreach (LogKey log in logs)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(log, epoch, 1))));
        }

        foreach (LogKey log in logs)
        {
            Assert.Single((await ReadAllAsync(log)).Entries);
        }
    }

    [Fact]
    public async Task ReadFromAsync_Bounds_AreInclusive()
    {
        await AppendAsync(10, 20, 30);
        Assert.Equal([10, 20, 30], await SeqsFromAsync(0, 0));
        Assert.Equal([10, 20, 30], await SeqsFromAsync(_epoch, 10));
        Assert.Equal([20, 30], await SeqsFromAsync(_epoch, 11));
        Assert.Equal([20, 30], await SeqsFromAsync(_epoch, 20));
        Assert.Equal([30], await SeqsFromAsync(_epoch, 30));
        Assert.Empty(await SeqsFromAsync(_epoch, 31));
        Assert.Empty(await SeqsFromAsync(_epoch + 1, 0));
        Assert.Equal([10, 20, 30], await SeqsFromAsync(_epoch - 1, FabricLimits.NumberMax));
    }

    [Fact]
    public async Task ReadFromAsync_Pages_HoldWhatFits()
    {
        await AppendAsync([.. Enumerable.Range(1, 100).Select(i => (ulong)i)], payloadBytes: 1000);
        int entryBytes = (await ReadAllAsync(Room)).Entries[0].Body.Length;

        LogPage page = await Fabric.ReadFromAsync(Room, 0, 0, 10 * entryBytes, Cancel);
        Assert.Equal(Seqs(1, 10), page.Entries.Select(e => e.LastSeq));
        Assert.True(page.HasMore);

        page = await Fabric.ReadFromAsync(Room, _epoch, 11, (10 * entryBytes) - 1, Cancel);
        Assert.Equal(Seqs(11, 9), page.Entries.Select(e => e.LastSeq));
        Assert.True(page.HasMore);

        page = await Fabric.ReadFromAsync(Room, _epoch, 91, 10 * entryBytes, Cancel);
        Assert.Equal(Seqs(91, 10), page.Entries.Select(e => e.LastSeq));
        Assert.False(page.HasMore);

        page = await Fabric.ReadFromAsync(Room, _epoch, 99, 1, Cancel);
        Assert.Equal([99UL], page.Entries.Select(e => e.LastSeq));
        Assert.True(page.HasMore);

        page = await Fabric.ReadFromAsync(Room, _epoch, 100, 0, Cancel);
        Assert.Equal([100UL], page.Entries.Select(e => e.LastSeq));
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task ReadFromAsync_ManyEntries_AllInOnePage()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        for (ulong start = 0; start < 3000; start += 500)
        {
            FabricAppend[] appends = [.. Seqs(start + 1, 500).Select(seq => Append(Room, epoch, seq))];
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, appends)));
        }

        LogPage page = await ReadAllAsync(Room);
        Assert.Equal(Seqs(1, 3000), page.Entries.Select(e => e.LastSeq));
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task ReadTailAsync_Messages_EntriesThatHoldThem()
    {
        _epoch = await ClaimAsync(Fabric, Master);
        FabricAppend[] appends = [Append(Room, _epoch, 5, 5), Append(Room, _epoch, 6, 1), Append(Room, _epoch, 16, 10)];
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, appends)));
        Assert.Empty(await TailAsync(0));
        Assert.Empty(await TailAsync(-1));
        Assert.Equal([16], await TailAsync(1));
        Assert.Equal([16], await TailAsync(10));
        Assert.Equal([6, 16], await TailAsync(11));
        Assert.Equal([5, 6, 16], await TailAsync(12));
        Assert.Equal([5, 6, 16], await TailAsync(1000));
        Assert.Equal([5, 6, 16], await TailAsync(int.MaxValue));
    }

    [Fact]
    public async Task ReadTailAsync_BoundOnBytes_NewestEntriesThatFit()
    {
        await AppendAsync([.. Seqs(1, 50)], payloadBytes: 1000);
        int entryBytes = (await ReadAllAsync(Room)).Entries[0].Body.Length;
        LogPage page = await Fabric.ReadTailAsync(Room, 40, 3 * entryBytes, Cancel);
        Assert.Equal([48UL, 49UL, 50UL], page.Entries.Select(e => e.LastSeq));
        Assert.True(page.HasMore);
        page = await Fabric.ReadTailAsync(Room, 3, 3 * entryBytes, Cancel);
        Assert.Equal([48UL, 49UL, 50UL], page.Entries.Select(e => e.LastSeq));
        Assert.False(page.HasMore);
        page = await Fabric.ReadTailAsync(Room, 3, 1, Cancel);
        Assert.Equal([50UL], page.Entries.Select(e => e.LastSeq));
    }

    [Fact]
    public async Task ReadTailAsync_BodyThatIsNoDeliver_CountsAsOne()
    {
        ulong epoch = await ClaimAsync(Fabric, Master);
        FabricAppend[] appends = [.. Seqs(1, 3).Select(seq => new FabricAppend(Room, epoch, seq, Bytes("no deliver"), null))];
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, appends)));
        Assert.Equal([2, 3], await TailAsync(2));
    }

    [Fact]
    public async Task Read_EpochsOfSeveralOwners_OrderedByEpochThenSeq()
    {
        ulong first = await ClaimAsync(Fabric, Master);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, first, Append(Room, first, 9), Append(Room, first, 105))));
        ulong second = await ClaimAsync(Fabric, OtherMaster, first + 100);

        // As after a store that lost its tail: numbers start below those of the epoch before.
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(OtherMaster, second, Append(Room, second, 10), Append(Room, second, 11))));

        (ulong, ulong)[] all = [(first, 9), (first, 105), (second, 10), (second, 11)];
        Assert.Equal(all, (await ReadAllAsync(Room)).Entries.Select(e => (e.Epoch, e.LastSeq)));
        Assert.Equal(all[2..], (await Fabric.ReadFromAsync(Room, first, 106, 10_000, Cancel)).Entries.Select(e => (e.Epoch, e.LastSeq)));
        Assert.Equal(all[1..], (await Fabric.ReadTailAsync(Room, 3, 10_000, Cancel)).Entries.Select(e => (e.Epoch, e.LastSeq)));
    }

    [Fact]
    public async Task FlushAsync_Trim_OldEntriesLeaveAndLaterOnesStay()
    {
        const ulong Appends = 2000;
        const ulong Kept = 10;
        _epoch = await ClaimAsync(Fabric, Master);
        for (ulong seq = 1; seq <= Appends; seq++)
        {
            FabricAppend append = Append(Room, _epoch, seq, payloadBytes: 200) with { TrimBefore = seq > Kept ? (_epoch, seq - Kept) : null };
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, append)));
        }

        ulong[] seqs = await SeqsFromAsync(0, 0);
        Assert.Equal(Seqs(seqs[0], seqs.Length), seqs);
        Assert.Equal(Appends, seqs[^1]);
        Assert.InRange(seqs.Length, (int)Kept, 200);
    }

    [Fact]
    public async Task FlushAsync_TrimBeyondTheEntryItself_ThatEntryStays()
    {
        await AppendAsync(1, 2);
        FabricAppend append = Append(Room, _epoch, 3) with { TrimBefore = (_epoch + 5, 0) };
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, append)));
        Assert.Equal(3UL, (await SeqsFromAsync(0, 0))[^1]);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, append)));
        Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, Append(Room, _epoch, 4))));
        Assert.Equal([3, 4], (await SeqsFromAsync(0, 0))[^2..]);
    }

    [Fact]
    public async Task Read_WhileAppending_NoHolesAndNothingTorn()
    {
        const ulong Appends = 300;
        ulong epoch = await ClaimAsync(Fabric, Master);
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            int before = 0;
            while (!done.IsCancellationRequested)
            {
                LogPage page = await ReadAllAsync(Room);
                Assert.Equal(Seqs(1, page.Entries.Count), page.Entries.Select(e => e.LastSeq));
                Assert.True(page.Entries.Count >= before);
                before = page.Entries.Count;
            }
        }))];
        for (ulong seq = 1; seq <= Appends; seq++)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, epoch, Append(Room, epoch, seq))));
            Assert.Equal(seq, Assert.Single((await Fabric.ReadTailAsync(Room, 1, 1000, Cancel)).Entries).LastSeq);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    private static IEnumerable<ulong> Seqs(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);

    private Task AppendAsync(params ulong[] seqs) => AppendAsync(seqs, 16);

    private async Task AppendAsync(ulong[] seqs, int payloadBytes)
    {
        _epoch = await ClaimAsync(Fabric, Master);
        foreach (ulong seq in seqs)
        {
            Assert.Equal(FlushStatus.Committed, await FlushAsync(Flush(Master, _epoch, Append(Room, _epoch, seq, 1, payloadBytes))));
        }
    }

    private async Task<ulong[]> SeqsFromAsync(ulong epoch, ulong seq) =>
        [.. (await Fabric.ReadFromAsync(Room, epoch, seq, int.MaxValue, Cancel)).Entries.Select(e => e.LastSeq)];

    private async Task<ulong[]> TailAsync(int messages) =>
        [.. (await Fabric.ReadTailAsync(Room, messages, int.MaxValue, Cancel)).Entries.Select(e => e.LastSeq)];
}
