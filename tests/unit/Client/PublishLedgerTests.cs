using System.Globalization;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

public sealed class PublishLedgerTests
{
    private readonly byte[] _sent = new byte[256 * 1024];
    private readonly byte[] _pairs = new byte[64 * 1024];
    private readonly byte[] _ack = new byte[64 * 1024];

    [Fact]
    public void Publish_BacklogFull_FailsWithOverloaded()
    {
        (PublishLedger ledger, _) = Open(window: 1, options => options with { PublishBacklogMessagesMax = 2 });
        ValueTask<Position>[] publishes = [.. Enumerable.Range(0, 4).Select(i => Publish(ledger, $"{i}"))];
        RelayException error = Assert.Throws<RelayException>(() => { publishes[3].AsTask().GetAwaiter().GetResult(); });
        Assert.Equal(ErrorCode.Overloaded, error.Code);
        Assert.All(publishes[..3], publish => Assert.False(publish.IsCompleted));
    }

    [Fact]
    public void Publish_BufferFull_WaitsButOneOfAnySizeIsTaken()
    {
        (PublishLedger ledger, _) = Open(window: 100, options => options with { PublishBufferBytesMax = 100 });
        _ = Publish(ledger, new string('x', 1000)).AsTask();
        _ = Publish(ledger, "second").AsTask();
        Assert.Single(Numbers(ledger.Fill(_sent, out _)));
        Acknowledge(ledger, 1);
        Assert.Equal([2UL], Numbers(ledger.Fill(_sent, out _)));
    }

    [Fact]
    public void Publish_HalfASurrogatePair_Throws()
    {
        (PublishLedger ledger, _) = Open(window: 1);
        Assert.Throws<ArgumentException>(() => { _ = Publish(ledger, "\ud800").AsTask(); });
    }

    [Fact]
    public void Publish_TextBytesNotUtf8_Throws()
    {
        (PublishLedger ledger, _) = Open(window: 1);
        Assert.Throws<ArgumentException>(
            () => { _ = ledger.Publish(new PublishRequest("lobby", null, new byte[] { 0xff }, MessageKind.Text, FrameFlags.AckWanted), default).AsTask(); });
    }

    [Fact]
    public void Fill_SmallerWindowAfterReconnect_IsKept()
    {
        (PublishLedger ledger, PublishLane lane) = Open(window: 8);
        _ = Enumerable.Range(0, 8).Select(i => Publish(ledger, $"{i}").AsTask()).ToArray();
        Assert.Equal(8, Numbers(ledger.Fill(_sent, out _)).Count);
        ledger.Disconnected();
        ledger.Connected(new PublishLimits(3, 1000, 2000));
        Assert.Empty(Numbers(ledger.Fill(_sent, out _)));
        ledger.SetJoined(lane, true);
        Assert.Equal([1UL, 2, 3], Numbers(ledger.Fill(_sent, out _)));
        Acknowledge(ledger, 2);
        Assert.Equal([4UL], Numbers(ledger.Fill(_sent, out _)));
    }

    [Fact]
    public void Fill_RoomForPart_GivesWholeFramesAndTheNeed()
    {
        (PublishLedger ledger, _) = Open(window: 8);
        _ = Publish(ledger, new string('x', 100)).AsTask();
        _ = Publish(ledger, new string('x', 300)).AsTask();
        int bytes = ledger.Fill(_sent.AsSpan(0, 300), out int needsBytes);
        Assert.Equal([1UL], Numbers(bytes));
        Assert.InRange(needsBytes, 312, 360);
    }

    [Fact]
    public void Publish_BacklogOfCancelledOnes_HasRoomAgain()
    {
        (PublishLedger ledger, _) = Open(window: 1, options => options with { PublishBacklogMessagesMax = 2 });
        using var cancel = new CancellationTokenSource();
        Task sent = Publish(ledger, "sent").AsTask();
        Task first = Publish(ledger, "first that waits").AsTask();
        Task cancelled = Publish(ledger, "cancelled", cancel.Token).AsTask();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(cancelled.GetAwaiter().GetResult);
        Task second = Publish(ledger, "second that waits").AsTask();
        Assert.Throws<RelayException>(() => { Publish(ledger, "one too many").AsTask().GetAwaiter().GetResult(); });
        Assert.All([sent, first, second], task => Assert.False(task.IsCompleted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Publish_CancelledWithoutAConnection_KeepsAFewAtMost(int window)
    {
        const int publishes = 5000;
        (PublishLedger ledger, _) = Open(window);
        ledger.Disconnected();
        WeakReference[] sources = await CancelManyAsync(ledger, publishes);
        GC.Collect();
        Assert.InRange(sources.Count(source => source.IsAlive), 0, publishes / 2);
        GC.KeepAlive(ledger);
    }

    [Fact]
    public async Task Send_WhileTheClientEnds_AlwaysHasAnAnswer()
    {
        for (int round = 0; round < 300; round++)
        {
            (PublishLedger ledger, _) = Open(window: 1, options => options with { PublishBufferBytesMax = 60 });
            using var together = new Barrier(3);
            Task[] sends = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                together.SignalAndWait();
                while (true)
                {
                    await ledger.Send(new PublishRequest("lobby", "x", default, MessageKind.Text, FrameFlags.None), default);
                }
            }))];
            together.SignalAndWait();
            ledger.Fill(_sent, out _);
            ledger.Fail(new RelayException("the end"));
            foreach (Task send in sends)
            {
                RelayException error = await Assert.ThrowsAsync<RelayException>(() => send.WaitAsync(TimeSpan.FromSeconds(20)));
                Assert.Equal("the end", error.Message);
            }
        }
    }

    [Fact]
    public async Task Random_AcksRefusalsReconnects_SettleEveryPublishOnceInOrder()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed.ToString(CultureInfo.InvariantCulture)}");
        var random = new Random(seed);
        (PublishLedger ledger, PublishLane lane) = Open(window: 5);
        Task<Position>[] publishes = [.. Enumerable.Range(0, 300).Select(i => Publish(ledger, $"{i}").AsTask())];
        var unanswered = new List<ulong>();
        int settled = 0;
        while (settled < publishes.Length)
        {
            List<ulong> sent = Numbers(ledger.Fill(_sent, out _));
            Assert.True(sent.SequenceEqual(sent.Order()), $"seed {seed}: out of order");
            unanswered.AddRange(sent);
            Assert.True(unanswered.Count <= 5, $"seed {seed}: window exceeded");
            if (random.Next(10) == 0)
            {
                unanswered.Clear();
                ledger.Disconnected();
                ledger.Connected(new PublishLimits(5, 1000, 2000));
                ledger.SetJoined(lane, true);
                continue;
            }

            ulong number = unanswered[random.Next(unanswered.Count)];
            unanswered.Remove(number);
            settled++;
            if (random.Next(5) == 0)
            {
                Assert.True(ledger.Refuse(number, ErrorCode.Forbidden, "no", TimeSpan.Zero));
            }
            else
            {
                Acknowledge(ledger, number);
            }
        }

        Position?[] positions = await Task.WhenAll(publishes.Select(OutcomeAsync));
        Assert.All(positions.Index(), p => Assert.True(p.Item is null || p.Item.Value.Seq == (ulong)p.Index + 101, $"seed {seed}"));
        Assert.Equal(0, lane.Unsettled);
    }

    [Fact]
    public async Task Publish_WarmedUp_AllocatesNothing()
    {
        const int runs = 6;
        const int rounds = 500;
        const int batch = 64;
        (PublishLedger ledger, _) = Open(window: batch);
        byte[] payload = new byte[128];
        var waits = new ValueTask<Position>[batch];
        ulong number = 0;
        long allocated = 0;
        long leastBytes = long.MaxValue;
        for (int round = 0; round <= runs * rounds; round++)
        {
            if (round % rounds == 0)
            {
                // The thread pool's own queue may grow in a run, when other tests keep its threads busy; in all it does not.
                leastBytes = round < 2 * rounds ? leastBytes : Math.Min(leastBytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            for (int i = 0; i < batch; i++)
            {
#pragma warning disable CA2012 // Each is consumed once, below: a batch has to be under way before the first is answered.
                waits[i] = ledger.Publish(new PublishRequest("lobby", null, payload, MessageKind.Data, FrameFlags.AckWanted), default);
#pragma warning restore CA2012
            }

            ledger.Fill(_sent, out _);
            Acknowledge(ledger, number + 1, batch);
            number += batch;
            foreach (ValueTask<Position> wait in waits)
            {
                while (!wait.IsCompleted)
                {
                    Thread.Yield();
                }

                // Complete, so this goes on on the same thread, whose allocations are counted.
                await wait;
            }
        }

        Assert.Equal(0, leastBytes);
    }

    private static async Task<Position?> OutcomeAsync(Task<Position> publish)
    {
        try
        {
            return await publish.WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (RelayException)
        {
            return null;
        }
    }

    private static ValueTask<Position> Publish(PublishLedger ledger, string text, CancellationToken cancellationToken = default) =>
        ledger.Publish(new PublishRequest("lobby", text, default, MessageKind.Text, FrameFlags.AckWanted), cancellationToken);

    // Whatever still refers to a publish refers to the source of its cancellation, too.
    private static async Task<WeakReference[]> CancelManyAsync(PublishLedger ledger, int publishes)
    {
        var sources = new WeakReference[publishes];
        for (int i = 0; i < publishes; i++)
        {
            var source = new CancellationTokenSource();
            Task publish = Publish(ledger, $"{i}", source.Token).AsTask();
            await source.CancelAsync();
            await publish.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sources[i] = new WeakReference(source);
        }

        return sources;
    }

    private static (PublishLedger Ledger, PublishLane Lane) Open(int window, Func<RelayClientOptions, RelayClientOptions>? change = null)
    {
        var options = new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", 1)],
            TokenProvider = _ => ValueTask.FromResult("token"),
        };
        var ledger = new PublishLedger(change?.Invoke(options) ?? options, new WakeSignal());
        ledger.Connected(new PublishLimits(window, 4000, 8000));
        PublishLane lane = ledger.AddLane("lobby");
        ledger.SetJoined(lane, true);
        return (ledger, lane);
    }

    private List<ulong> Numbers(int bytes) => SentNumbers.In(_sent.AsSpan(0, bytes));

    private void Acknowledge(PublishLedger ledger, ulong first, int count = 1)
    {
        var writer = new MessagePackWriter(_pairs);
        for (ulong number = first; number < first + (ulong)count; number++)
        {
            writer.WriteUInt64(number);
            writer.WriteUInt64(number + 100);
        }

        var body = new PubAckBody
        {
            Channel = "lobby"u8,
            ProducerId = ledger.ProducerId,
            Log = new Position(0, 0, 1, 0),
            Count = count,
            EncodedPairs = _pairs.AsSpan(0, writer.WrittenBytes),
        };
        // No Assert.Equal here: it allocates, and one test counts that.
        bool encoded = body.TryEncode(_ack, out int bytes);
        DecodeStatus status = PubAckBody.TryDecode(_ack.AsSpan(0, bytes), out PubAckBody decoded);
        if (!encoded || status != DecodeStatus.Ok)
        {
            Assert.Fail($"the test's PUB_ACK is wrong: {status}");
        }

        ledger.Acknowledge(decoded);
    }
}
