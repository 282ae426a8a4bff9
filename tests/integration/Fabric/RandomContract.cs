using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Random claims, flushes (fresh, repeated, stale, mixed) and reads, compared with a plain model.</summary>
public abstract class RandomContract(IFabricHost host) : FabricContract(host)
{
    private const int Steps = 600;
    private static readonly LogKey[] Logs = [.. Enumerable.Range(0, 5).Select(i => new LogKey($"room{i}", (ulong)(i % 2), (uint)(i / 2)))];

    private readonly Dictionary<LogKey, List<FabricAppend>> _model = Logs.ToDictionary(log => log, _ => new List<FabricAppend>());
    private readonly Queue<byte[]> _relayed = new();
    private readonly List<(string Master, ulong Epoch)> _claims = [];
    private FabricFlush? _lastCommitted;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task AnyCalls_Random_AsTheModel(int fixedSeed)
    {
        int seed = fixedSeed == 0 ? Random.Shared.Next() : fixedSeed;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        MessageCollector received = await CollectAsync(Edge1);
        await ClaimAsync(random);
        for (int step = 0; step < Steps; step++)
        {
            try
            {
                await StepAsync(random);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, step {step}", e);
            }
        }

        while (_relayed.TryDequeue(out byte[]? expected))
        {
            Assert.Equal(expected, await received.NextAsync());
        }

        await AssertNothingSentAsync(Fabric, Edge1, received);
    }

    private Task StepAsync(Random random) => random.Next(10) switch
    {
        0 => ClaimAsync(random),
        1 when _lastCommitted is not null => RepeatAsync(),
        2 => StaleAsync(random),
        3 or 4 => ReadAsync(random),
        5 => ReadTailAsync(random),
        _ => FlushFreshAsync(random),
    };

    private async Task ClaimAsync(Random random)
    {
        string master = random.Next(2) == 0 ? Master : OtherMaster;
        ulong floor = (ulong)random.Next(5);
        ulong epoch = await ClaimAsync(Fabric, master, floor);
        Assert.True(_claims.Count == 0 || epoch > _claims[^1].Epoch);
        Assert.True(epoch > floor);
        _claims.Add((master, epoch));

        // A repeated flush is for the owner that made it.
        _lastCommitted = null;
    }

    private async Task FlushFreshAsync(Random random)
    {
        (string master, ulong epoch) = _claims[^1];
        FabricFlush flush = Make(random, master, epoch);
        Assert.Equal(FlushStatus.Committed, await FlushAsync(flush));
        foreach (FabricAppend append in flush.Appends)
        {
            _model[append.Log].Add(append);
        }

        Relayed(flush);
        _lastCommitted = flush;
    }

    private async Task RepeatAsync()
    {
        Assert.Equal(FlushStatus.Committed, await FlushAsync(_lastCommitted!));
        Relayed(_lastCommitted!);
    }

    private async Task StaleAsync(Random random)
    {
        if (_claims.Count < 2)
        {
            return;
        }

        (string master, ulong epoch) = _claims[random.Next(_claims.Count - 1)];
        Assert.Equal(FlushStatus.Fenced, await FlushAsync(Make(random, master, epoch)));
    }

    private async Task ReadAsync(Random random)
    {
        LogKey log = Logs[random.Next(Logs.Length)];
        List<FabricAppend> all = _model[log];
        (ulong epoch, ulong seq) = all.Count == 0 || random.Next(5) == 0
            ? (0UL, 0UL)
            : (all[random.Next(all.Count)].Epoch, all[random.Next(all.Count)].LastSeq + (ulong)random.Next(2));
        int bytesMax = random.Next(1, 3000);
        LogPage page = await Fabric.ReadFromAsync(log, epoch, seq, bytesMax, Cancel);
        FabricAppend[] after = [.. all.Where(append => (append.Epoch, append.LastSeq).CompareTo((epoch, seq)) >= 0)];
        AssertPage(after, page, bytesMax);
        Assert.Equal(page.Entries.Count < after.Length, page.HasMore);
    }

    private async Task ReadTailAsync(Random random)
    {
        LogKey log = Logs[random.Next(Logs.Length)];
        int messages = random.Next(1, 30);
        int bytesMax = random.Next(1, 3000);
        LogPage page = await Fabric.ReadTailAsync(log, messages, bytesMax, Cancel);
        var newest = new List<FabricAppend>();
        int held = 0;
        foreach (FabricAppend append in Enumerable.Reverse(_model[log]).TakeWhile(_ => held < messages))
        {
            held += MessagesIn(append);
            newest.Add(append);
        }

        AssertPage(newest, new LogPage([.. page.Entries.Reverse()], page.HasMore), bytesMax);
        Assert.Equal(page.Entries.Count < newest.Count, page.HasMore);
    }

    private static void AssertPage(IReadOnlyList<FabricAppend> from, LogPage page, int bytesMax)
    {
        int count = 0;
        int bytes = 0;
        while (count < from.Count && (count == 0 || bytes + from[count].Body.Length <= bytesMax))
        {
            bytes += from[count++].Body.Length;
        }

        Assert.Equal(count, page.Entries.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal((from[i].Epoch, from[i].LastSeq), (page.Entries[i].Epoch, page.Entries[i].LastSeq));
            Assert.Equal(from[i].Body, page.Entries[i].Body);
        }
    }

    private static int MessagesIn(FabricAppend append)
    {
        Assert.Equal(Protocol.DecodeStatus.Ok, Protocol.DeliverBody.TryDecode(append.Body.Span, out Protocol.DeliverBody body));
        return body.Count;
    }

    private FabricFlush Make(Random random, string master, ulong epoch)
    {
        var appends = new List<FabricAppend>();
        var tops = _model.ToDictionary(log => log.Key, log => log.Value.Count == 0 ? 0UL : log.Value[^1].LastSeq);
        for (int i = random.Next(6); i > 0; i--)
        {
            LogKey log = Logs[random.Next(Logs.Length)];
            int messages = random.Next(1, 8);
            tops[log] += (ulong)messages;
            appends.Add(Append(log, epoch, tops[log], messages, random.Next(100)));
        }

        FabricFlush flush = Flush(master, epoch, [.. appends]);
        if (flush.Slots.Count == 0)
        {
            flush.Slots.Add(OwnerOf(Logs[0], master, epoch));
        }

        byte[] head = new byte[random.Next(20)];
        random.NextBytes(head);
        int[] picks = [.. Enumerable.Range(0, appends.Count).Where(_ => random.Next(2) == 0)];
        return flush.WithRelay(Edge1, head, picks).WithRelay(Edge2, head, picks);
    }

    private void Relayed(FabricFlush flush) => _relayed.Enqueue(
        [.. flush.Relays[0].Head.ToArray(), .. flush.Relays[0].Appends.SelectMany(i => Bin32(flush.Appends[i].Body.ToArray()))]);
}
