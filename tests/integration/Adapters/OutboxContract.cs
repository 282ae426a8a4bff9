using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.IntegrationTests.Storage;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What sending does on any store.</summary>
public abstract class OutboxContract(IDatabaseHost host) : IAsyncDisposable
{
    private readonly RecordedUpdates _relay = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return host.DisposeAsync();
    }

    [Fact]
    public async Task StepAsync_WhatWaits_IsSentInOrderAndForgotten()
    {
        await using ServiceBench bench = await ServiceBench.OpenAsync(host);
        await bench.AddAsync("a", "b", "c");

        Assert.Equal(TimeSpan.Zero, await bench.Sender(_relay).StepAsync(Cancel));

        Assert.Equal(["a", "b", "c"], _relay.Titles);
        Assert.Equal([1ul, 2ul, 3ul], _relay.Sent);
        Assert.Equal(0, await bench.Outbox.CountAsync(Cancel));
    }

    [Fact]
    public async Task StepAsync_RelayThatFails_GetsTheSameNumberAgainBeforeTheNext()
    {
        await using ServiceBench bench = await ServiceBench.OpenAsync(host);
        await bench.AddAsync("a", "b", "c");
        int failures = 3;
        _relay.Before = (number, _) => number == 2 && failures-- > 0 ? throw new TimeoutException("no relay") : Task.CompletedTask;
        OutboxSender sender = bench.Sender(_relay);
        List<TimeSpan> waits = [];
        for (int step = 0; step < 4; step++)
        {
            waits.Add(await sender.StepAsync(Cancel));
        }

        Assert.Equal([1ul, 2, 2, 2, 2, 3], _relay.Sent);
        Assert.Equal(["a", "b", "c"], _relay.Titles);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.Zero], waits);
    }

    [Fact]
    public async Task StepAsync_ProcessThatEndsBeforeItKnows_TheNextSendsTheSameNameOfTheSameUpdate()
    {
        ulong producer;
        using var end = new CancellationTokenSource();
        await using (ServiceBench bench = await ServiceBench.OpenAsync(host))
        {
            producer = bench.ProducerId;
            await bench.AddAsync("a", "b");
            _relay.After = async number =>
            {
                if (number == 2)
                {
                    await end.CancelAsync();
                    end.Token.ThrowIfCancellationRequested();
                }
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Sender(_relay).StepAsync(end.Token));
        }

        _relay.After = _ => Task.CompletedTask;
        await using ServiceBench again = await ServiceBench.OpenAsync(host);
        await again.AddAsync("c");
        await again.SendAllAsync(_relay);

        Assert.Equal(producer, again.ProducerId);
        Assert.Equal([1ul, 2, 2, 3], _relay.Sent);
        Assert.Equal(["a", "b", "c"], _relay.Titles);
    }

    [Fact]
    public async Task StepAsync_RefusedForGood_IsDroppedAndTheOthersGoOn()
    {
        await using ServiceBench bench = await ServiceBench.OpenAsync(host);
        await bench.AddAsync("a", "b", "c");
        _relay.Before = (number, _) => number == 2 ? throw new UpdateRefusedException("not yours") : Task.CompletedTask;

        await bench.Sender(_relay).StepAsync(Cancel);

        Assert.Equal(["a", "c"], _relay.Titles);
        Assert.Equal(0, await bench.Outbox.CountAsync(Cancel));
        Assert.True(bench.Logs.Contains("update 2 for good"));
    }

    [Fact]
    public async Task StepAsync_TwoProcesses_OneSendsAtATime()
    {
        var time = new HandTime();
        await using ServiceBench one = await ServiceBench.OpenAsync(host, time: time);
        await using ServiceBench two = await ServiceBench.OpenAsync(host, time: time, owner: "two");
        var other = new RecordedUpdates();
        await one.AddAsync("z");
        await one.Sender(_relay).StepAsync(Cancel);
        await one.AddAsync("a");

        Assert.Equal(OutboxSender.IdleWait, await two.Sender(other).StepAsync(Cancel));
        Assert.Empty(other.Sent);

        // The first one is gone without a word.
        time.Advance(OutboxSender.LeaseTerm + TimeSpan.FromSeconds(1));
        await two.Sender(other).StepAsync(Cancel);
        Assert.Equal(["a"], other.Titles);
        Assert.Equal(one.ProducerId, two.ProducerId);
    }

    [Fact]
    public async Task StepAsync_LeaseOfAClockThatIsWrong_BindsNobody()
    {
        var ahead = new HandTime();
        ahead.Advance(TimeSpan.FromDays(1000));
        await using ServiceBench wrong = await ServiceBench.OpenAsync(host, time: ahead);
        await using ServiceBench right = await ServiceBench.OpenAsync(host, owner: "two");
        await wrong.AddAsync("a");
        Assert.True(await wrong.Outbox.TryLeaseAsync("one", OutboxSender.LeaseTerm, Cancel));

        await right.Sender(_relay).StepAsync(Cancel);

        Assert.Equal(["a"], _relay.Titles);
    }

    [Fact]
    public async Task StepAsync_ProcessThatPaused_LosesNothingAndTellsNobodyThatWhatIsSentWasRefused()
    {
        await using ServiceBench one = await ServiceBench.OpenAsync(host);
        await using ServiceBench two = await ServiceBench.OpenAsync(host, time: one.Time, owner: "two");
        await one.AddAsync("a", "b");
        var late = new RecordedUpdates
        {
            Before = async (number, _) =>
            {
                if (number == 1)
                {
                    // Here the process sleeps for a minute: another one sends everything, and the numbers are old.
                    one.Time.Advance(TimeSpan.FromMinutes(1));
                    await two.Sender(_relay).StepAsync(Cancel);
                }

                throw new UpdateRefusedException("the number is too old");
            },
        };
        await one.Sender(late).StepAsync(Cancel);

        Assert.Equal(["a", "b"], _relay.Titles);
        Assert.Equal(UpdateState.Sent, (await one.Outbox.FateAsync(1, Cancel)).State);
        Assert.Equal(UpdateState.Sent, (await one.Outbox.FateAsync(2, Cancel)).State);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LetsAnotherSendAtOnce()
    {
        var time = new HandTime();
        await using ServiceBench one = await ServiceBench.OpenAsync(host, time: time);
        await using ServiceBench two = await ServiceBench.OpenAsync(host, time: time, owner: "two");
        using var stop = new CancellationTokenSource();
        await one.AddAsync("a");
        Task running = one.Sender(_relay).RunAsync(stop.Token);
        await _relay.ArriveAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        await two.AddAsync("b");
        await two.Sender(_relay).StepAsync(Cancel);
        Assert.Equal(["a", "b"], _relay.Titles);
    }

    [Fact]
    public async Task RunAsync_Woken_SendsWithoutWaitingForTheClock()
    {
        await using ServiceBench bench = await ServiceBench.OpenAsync(host);
        using var stop = new CancellationTokenSource();
        OutboxSender sender = bench.Sender(_relay);
        Task running = sender.RunAsync(stop.Token);
        Assert.Equal(OutboxSender.IdleWait, await bench.Time.NextWaitAsync());
        await bench.AddAsync("a");
        sender.Wake();

        await _relay.ArriveAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task AddAsync_ManyProcessesAtOnce_EveryItemOnceAndNoNumberMissing()
    {
        await using ServiceBench one = await ServiceBench.OpenAsync(host);
        await using ServiceBench two = await ServiceBench.OpenAsync(host, owner: "two");
        string[] titles = [.. Enumerable.Range(0, 20).Select(number => $"t{number}")];

        await Task.WhenAll(titles.SelectMany(title => new[] { one.AddAsync(title), two.AddAsync(title) }));

        var entries = await one.Outbox.ReadAsync(100, Cancel);
        Assert.Equal(titles.Order(), entries.Select(entry => entry.Card.Title).Order());
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (ulong)number), entries.Select(entry => entry.Number));
    }
}
