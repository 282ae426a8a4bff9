using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.IntegrationTests.Storage;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What polling does on any store.</summary>
public abstract class PollingContract(IDatabaseHost host) : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(300);

    private readonly ScriptedSource _source = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return host.DisposeAsync();
    }

    [Fact]
    public async Task StepAsync_FirstPoll_SendsTheNewestAndOnlyKnowsTheOthers()
    {
        await using ServiceBench bench = await OpenAsync(new SubscriptionsOptions { FirstItemsMax = 2 });
        _source.Has("d", "c", "b", "a");

        Assert.Equal(Poll, await bench.Poller(_source).StepAsync(Cancel));

        Assert.Equal(["c", "d"], await SentAsync(bench));
        Assert.Equal(["d", "c", "b", "a"], (await bench.Items.LatestAsync(10, Cancel)).Select(item => item.Title));
    }

    [Fact]
    public async Task StepAsync_FeedChanges_SendsEveryNewItemOnceInOrder()
    {
        await using ServiceBench bench = await OpenAsync();
        FeedPoller poller = bench.Poller(_source);
        foreach (string[] items in new string[][] { ["b", "a"], ["d", "c", "b"], ["d", "c", "b"], ["a", "d"], ["e", "d"] })
        {
            _source.Has(items);
            await poller.StepAsync(Cancel);
            bench.Time.Advance(Poll);
        }

        Assert.Equal(["a", "b", "c", "d", "e"], await SentAsync(bench));
    }

    [Fact]
    public async Task StepAsync_Update_HasTheSubjectsAndTheCard()
    {
        await using ServiceBench bench = await OpenAsync();
        _source.Has("a");
        await bench.Poller(_source).StepAsync(Cancel);

        var entry = Assert.Single(await bench.Outbox.ReadAsync(10, Cancel));
        Assert.Equal("topic:news.updates", entry.Target);
        Assert.Equal(["world", "sport"], entry.Subjects);
        Assert.Equal(("a", 1ul), (entry.Card.Title, entry.Number));
        Assert.Equal(["like", "comment", "share"], entry.Card.Actions.Select(action => action.Verb));
    }

    [Fact]
    public async Task StepAsync_NotDue_WaitsForTheRest()
    {
        await using ServiceBench bench = await OpenAsync();
        FeedPoller poller = bench.Poller(_source);
        await poller.StepAsync(Cancel);
        bench.Time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal(TimeSpan.FromSeconds(200), await poller.StepAsync(Cancel));
        Assert.Single(_source.Asked);
    }

    [Fact]
    public async Task StepAsync_AfterARestart_AsksWithWhatItKnowsAndSendsNothingTwice()
    {
        var time = new HandTime();
        await using (ServiceBench bench = await OpenAsync(time: time))
        {
            _source.Has("b", "a");
            await bench.Poller(_source).StepAsync(Cancel);
        }

        time.Advance(Poll);
        await using ServiceBench again = await OpenAsync(time: time);
        _source.Has("c", "b", "a");
        await again.Poller(_source).StepAsync(Cancel);

        Assert.Equal([null, "\"b-a\""], _source.Asked.Select(asked => asked.ETag));
        Assert.Equal(["a", "b", "c"], await SentAsync(again));
    }

    [Fact]
    public async Task StepAsync_Gone_IsNeverAskedAgain()
    {
        await using ServiceBench bench = await OpenAsync();
        _source.Answer = () => Task.FromResult(new FetchResult(FetchKind.Gone));

        Assert.Null(await bench.Poller(_source).StepAsync(Cancel));
        bench.Time.Advance(TimeSpan.FromDays(30));
        Assert.Null(await bench.Poller(_source).StepAsync(Cancel));
        Assert.Single(_source.Asked);
    }

    [Fact]
    public async Task StepAsync_Failures_BackOffAndRecover()
    {
        await using ServiceBench bench = await OpenAsync();
        FeedPoller poller = bench.Poller(_source);
        List<TimeSpan?> waits = [];
        foreach (Action script in new Action[] { () => _source.Fails("down"), () => _source.Fails("down"), () => _source.Fails("busy", TimeSpan.FromHours(2)), () => _source.Has("a") })
        {
            script();
            waits.Add(await poller.StepAsync(Cancel));
            bench.Time.Advance(waits[^1]!.Value);
        }

        Assert.Equal([Poll, Poll * 2, TimeSpan.FromHours(2), Poll], waits);
        Assert.True(bench.Logs.Contains("the 2. time in a row: down"));
        Assert.Equal((0, string.Empty), await StatusAsync(bench));
    }

    [Fact]
    public async Task StepAsync_MalformedFeed_SaysWhyAndDisturbsNoOther()
    {
        await using ServiceBench bench = await OpenAsync();
        var other = new ScriptedSource("https://example.org/other");
        other.Has("o");
        _source.Answer = () => Task.FromResult(new FetchResult(FetchKind.Changed) { Document = "<rss><oops"u8.ToArray(), Validators = new FeedValidators("\"bad\"", null) });
        await bench.Poller(_source).StepAsync(Cancel);
        await bench.Poller(other).StepAsync(Cancel);

        (long failures, string status) = await StatusAsync(bench);
        Assert.Equal(1, failures);
        Assert.Contains("well-formed", status, StringComparison.Ordinal);
        Assert.Null((await bench.Feeds.ReadAsync(_source.Name, Cancel)).Etag);
        Assert.Equal(["o"], await SentAsync(bench));
    }

    [Fact]
    public async Task StepAsync_OutboxFull_PausesUntilThereIsRoom()
    {
        await using ServiceBench bench = await OpenAsync(new SubscriptionsOptions { OutboxItemsMax = 2 });
        await bench.AddAsync("x", "y");
        _source.Has("a");
        FeedPoller poller = bench.Poller(_source);

        Assert.Equal(TimeSpan.FromSeconds(5), await poller.StepAsync(Cancel));
        Assert.Equal(TimeSpan.FromSeconds(5), await poller.StepAsync(Cancel));
        Assert.Empty(_source.Asked);
        Assert.Single(bench.Logs.Lines, line => line.Contains("polling pauses", StringComparison.Ordinal));

        await bench.SendAllAsync(new RecordedUpdates());
        Assert.Equal(Poll, await poller.StepAsync(Cancel));
        Assert.Equal(["a"], await SentAsync(bench));
    }

    [Fact]
    public async Task StepAsync_TwoProcesses_OnePollsAtATime()
    {
        var time = new HandTime();
        await using ServiceBench one = await OpenAsync(time: time);
        await using ServiceBench two = await OpenAsync(time: time, owner: "two");
        var other = new ScriptedSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<FetchResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Answer = () =>
        {
            asked.SetResult();
            return answer.Task;
        };
        Task<TimeSpan?> polling = one.Poller(_source).StepAsync(Cancel);
        await asked.Task;

        await two.Poller(other).StepAsync(Cancel);
        Assert.Empty(other.Asked);
        answer.SetResult(new FetchResult(FetchKind.Unchanged));
        await polling;
        Assert.Equal(Poll, await two.Poller(other).StepAsync(Cancel));
        Assert.Empty(other.Asked);

        time.Advance(Poll);
        await two.Poller(other).StepAsync(Cancel);
        Assert.Single(other.Asked);
    }

    [Fact]
    public async Task StepAsync_TheOneThatPolledIsGone_AnotherTakesOver()
    {
        var time = new HandTime();
        await using ServiceBench one = await OpenAsync(time: time);
        await using ServiceBench two = await OpenAsync(time: time, owner: "two");
        Assert.True(await one.Feeds.TryLeaseAsync(_source.Name, "one", TimeSpan.FromSeconds(45), TimeSpan.FromDays(1), Cancel));

        await two.Poller(_source).StepAsync(Cancel);
        Assert.Empty(_source.Asked);
        time.Advance(TimeSpan.FromSeconds(46));
        await two.Poller(_source).StepAsync(Cancel);
        Assert.Single(_source.Asked);
    }

    [Fact]
    public async Task StepAsync_MoreItemsThanAreKept_ForgetsTheOldestThatTheFeedNoLongerHas()
    {
        await using ServiceBench bench = await OpenAsync(new SubscriptionsOptions { ItemsPerSourceMax = 4 });
        FeedPoller poller = bench.Poller(_source);
        for (int round = 0; round < 10; round++)
        {
            _source.Has($"new{round}", "sticky");
            await poller.StepAsync(Cancel);
            bench.Time.Advance(Poll);
        }

        string[] kept = [.. (await bench.Items.LatestAsync(20, Cancel)).Select(item => item.Title)];
        Assert.Equal(["new9", "new8", "new7", "sticky"], kept);
        Assert.Equal(11, (await SentAsync(bench)).Count);
    }

    [Fact]
    public async Task StepAsync_FeedThatNamesItsItemsAnewEachTime_IsBoundedAndToldToTheOperator()
    {
        await using ServiceBench bench = await OpenAsync(new SubscriptionsOptions { UpdatesPerHourMax = 6 });
        FeedPoller poller = bench.Poller(_source);
        for (int round = 0; round < 12; round++)
        {
            _source.Has($"{round}c", $"{round}b", $"{round}a");
            await poller.StepAsync(Cancel);
            bench.Time.Advance(Poll);
        }

        // Six at once, and six in the hour; of each poll the newest. The others can be found.
        string[] sent = [.. await SentAsync(bench)];
        Assert.Equal(11, sent.Length);
        Assert.Equal(["0a", "0b", "0c", "1a", "1b", "1c", "2c"], sent[..7]);
        Assert.Equal("3b", Assert.Single(await bench.Items.SearchAsync("3b", 5, Cancel)).Title);
        Assert.True(bench.Logs.Contains("UpdatesPerHourMax"));
    }

    [Fact]
    public async Task StepAsync_UpdatesOfAnHour_AreCountedForAllProcesses()
    {
        await using ServiceBench one = await OpenAsync(new SubscriptionsOptions { UpdatesPerHourMax = 2 });
        await using ServiceBench two = await OpenAsync(new SubscriptionsOptions { UpdatesPerHourMax = 2 }, one.Time, "two");
        _source.Has("a");
        await one.Poller(_source).StepAsync(Cancel);
        one.Time.Advance(Poll);
        _source.Has("d", "c", "b", "a");
        await two.Poller(_source).StepAsync(Cancel);

        Assert.Equal(["a", "d"], await SentAsync(one));
    }

    [Fact]
    public async Task StepAsync_TurnAndTimeOfAClockThatIsWrong_BindNobody()
    {
        var ahead = new HandTime();
        ahead.Advance(TimeSpan.FromDays(1000));
        await using ServiceBench wrong = await OpenAsync(time: ahead);
        await using ServiceBench right = await OpenAsync(owner: "two");
        _source.Has("a");
        await wrong.Poller(_source).StepAsync(Cancel);
        Assert.True(await wrong.Feeds.TryLeaseAsync("other", "one", TimeSpan.FromSeconds(45), TimeSpan.FromDays(1), Cancel));

        await right.Poller(_source).StepAsync(Cancel);
        await right.Poller(new ScriptedSource("other")).StepAsync(Cancel);

        Assert.Equal(2, _source.Asked.Count);
        Assert.NotEqual(0, (await right.Feeds.ReadAsync("other", Cancel)).PolledAt);
    }

    [Fact]
    public async Task AddAsync_MorePostsThanAreKept_KnowsEachForAsLongAsItIsGood()
    {
        await using ServiceBench bench = await OpenAsync(new SubscriptionsOptions { ItemsPerSourceMax = 10, Hooks = [new HookOptions { WindowSeconds = 300 }] });
        Task<AddOutcome> PostAsync(int number) => bench.Items.AddAsync(
            "hook:desk", "topic:news.updates", [new NewItem(new StoredItem { Item = ItemNames.Of("hook:desk", $"{number}"), Title = "A" }, [])], 1, Cancel);
        for (int number = 0; number < 40; number++)
        {
            await PostAsync(number);
            bench.Time.Advance(TimeSpan.FromSeconds(20));
        }

        // 800 s: the first ones are past their time, those of the last ten minutes are not.
        Assert.Equal(1, (await PostAsync(0)).New);
        Assert.Equal(0, (await PostAsync(11)).New);
    }

    private Task<ServiceBench> OpenAsync(SubscriptionsOptions? options = null, HandTime? time = null, string owner = "one") =>
        ServiceBench.OpenAsync(host, options, time, owner);

    private static async Task<IReadOnlyList<string>> SentAsync(ServiceBench bench)
    {
        var updates = new RecordedUpdates();
        await bench.SendAllAsync(updates);
        return updates.Titles;
    }

    private async Task<(long Failures, string Status)> StatusAsync(ServiceBench bench)
    {
        var state = await bench.Feeds.ReadAsync(_source.Name, Cancel);
        return (state.Failures, state.Status);
    }
}
