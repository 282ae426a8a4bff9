using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>How much the store keeps and tells, on any engine.</summary>
public abstract class StoreLimitContract(IDatabaseHost host) : IAsyncLifetime
{
    private const int WindowSeconds = 300;

    private ServiceBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await ServiceBench.OpenAsync(
        host, new SubscriptionsOptions { ItemsPerSourceMax = 3, Hooks = [new HookOptions { WindowSeconds = WindowSeconds }] });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _bench.DisposeAsync();
        await host.DisposeAsync();
    }

    // A post is good for a window before and after its time, by clocks that are so far apart.
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task Add_PostBeyondThoseThatAreKept_IsKnownForAsLongAsItIsGood(int milliseconds, bool isKnown)
    {
        await _bench.AddAsync("first");
        _bench.Time.Advance(TimeSpan.FromMilliseconds((2000L * WindowSeconds) + ItemStore.ClocksApartMilliseconds + milliseconds));
        await _bench.AddAsync("2", "3", "4", "5");

        Assert.Equal(isKnown, await _bench.Items.FindAsync(ItemNames.Of("test", "first"), Cancel) is not null);
    }

    [Fact]
    public async Task Refuse_MoreThanAreKept_ForgetsTheOldest()
    {
        await RefuseAsync("a");
        await _bench.Database.WriteAsync(
            session => session.ExecuteAsync("UPDATE subscription_services SET last_number = @last", new { last = (long)OutboxStore.RefusalsKept }), Cancel);
        await RefuseAsync("b");
        Assert.Equal(UpdateState.Refused, (await _bench.Outbox.FateAsync(1, Cancel)).State);

        await RefuseAsync("c");
        Assert.Equal(UpdateState.Sent, (await _bench.Outbox.FateAsync(1, Cancel)).State);
        Assert.Equal(UpdateState.Refused, (await _bench.Outbox.FateAsync(OutboxStore.RefusalsKept + 1, Cancel)).State);
    }

    [Fact]
    public async Task Search_MoreWordsThanAreLookedFor_PassesTheOthersOver()
    {
        string[] words = [.. Enumerable.Range(0, ItemStore.WordsMax).Select(number => $"w{number}")];
        await _bench.AddAsync(string.Join(' ', words));

        Assert.Single(await _bench.Items.SearchAsync(string.Join(' ', [.. words, "none"]), 5, Cancel));
        Assert.Empty(await _bench.Items.SearchAsync(string.Join(' ', [.. words[1..], "none"]), 5, Cancel));
    }

    [Fact]
    public async Task Latest_MoreThanAPage_IsAPage()
    {
        await _bench.AddAsync([.. Enumerable.Range(0, ItemStore.PageMax + 1).Select(number => $"t{number}")]);

        Assert.Equal(ItemStore.PageMax, (await _bench.Items.LatestAsync(ItemStore.PageMax + 1, Cancel)).Count);
        Assert.Equal(ItemStore.PageMax, (await _bench.Items.SearchAsync("t", ItemStore.PageMax + 1, Cancel)).Count);
    }

    [Fact]
    public async Task Comments_MoreThanAreShown_AreTheLast()
    {
        string item = (await _bench.AddAsync("a"))[0];
        for (int number = 0; number <= CommandDesk.CommentsShown; number++)
        {
            await _bench.Responses.CommentAsync(item, $"user{number}", "key", $"c{number}", Cancel);
        }

        ServiceResult shown = await _bench.Commands().HandleAsync(new ServiceCommand { Verb = Verbs.Comments, Subject = "alice", Item = item, Key = "k" }, Cancel);

        Assert.Equal(CommandDesk.CommentsShown + 1, shown.Text.Split('\n').Length);
        Assert.EndsWith($"c{CommandDesk.CommentsShown}", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_MoreThanABatch_SendsABatch()
    {
        var relay = new RecordedUpdates();
        await _bench.AddAsync([.. Enumerable.Range(0, OutboxSender.BatchMax + 1).Select(number => $"t{number}")]);

        await _bench.Sender(relay).StepAsync(Cancel);

        Assert.Equal(OutboxSender.BatchMax, relay.Sent.Count);
    }

    private async Task RefuseAsync(string title)
    {
        await _bench.AddAsync(title);
        OutboxEntry entry = Assert.Single(await _bench.Outbox.ReadAsync(2, Cancel));
        await _bench.Outbox.RefuseAsync(entry.Number, "not here", Cancel);
    }
}
