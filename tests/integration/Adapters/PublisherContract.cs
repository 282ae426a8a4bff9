using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What becomes of items that are handed in from outside of the processes that run a service, on any store.</summary>
public abstract class PublisherContract(IDatabaseHost host) : IAsyncLifetime
{
    private readonly SubscriptionsOptions _options = new()
    {
        Topics = [new TopicOptions { Name = "headlines" }, new TopicOptions { Name = "weather", IsOpen = false, Subjects = ["Storm"] }],
        OutboxItemsMax = 2,
    };

    private readonly RecordedUpdates _relay = new();
    private ServiceBench _bench = null!;
    private ItemPublisher _publisher = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await ServiceBench.OpenAsync(host, _options);
        _publisher = (await OpenAsync(_options))!;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _publisher.DisposeAsync();
        await _bench.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task PublishAsync_ProcessThatSleeps_SendsItWithinASecond()
    {
        using var stop = new CancellationTokenSource();
        Task running = _bench.Sender(_relay).RunAsync(stop.Token);
        Assert.Equal(OutboxSender.IdleWait, await _bench.Time.NextWaitAsync());

        PublishedItem item = (await PublishAsync("1", "Rain"))!;
        _bench.Time.Advance(OutboxSender.IdleWait);

        await _relay.ArriveAsync(1);
        Assert.True(OutboxSender.IdleWait <= TimeSpan.FromSeconds(1));
        Assert.Equal(("topic:news.headlines", item.Item, item.Target), (_relay[1].Target, _relay[1].Card.Item, _relay[1].Target));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(UpdateState.Sent, (await _publisher.WaitAsync(item, TimeSpan.Zero, Cancel)).State);
    }

    [Fact]
    public async Task PublishAsync_Item_IsAsGoodAsOneOfAFeed()
    {
        PublishedItem item = (await PublishAsync("1", "Rain"))!;
        var desk = _bench.Commands();

        foreach (string verb in new[] { "like", "comment", "comments", "share", "latest", "search" })
        {
            ServiceResult result = await desk.HandleAsync(
                new ServiceCommand { Verb = verb, Subject = "alice", Arguments = verb == "latest" ? [] : ["rain"], Item = item.Item, Room = "lobby", Key = verb }, Cancel);
            Assert.False(result.IsRefused, result.Text);
            Assert.Contains("Rain", result.Text + result.Card?.Title, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PublishAsync_SameNameAgain_IsNotSentAgain()
    {
        PublishedItem first = (await PublishAsync("1", "Rain"))!;
        PublishedItem again = (await PublishAsync("1", "Sun"))!;

        Assert.Equal((1ul, 0ul, first.Item), (first.Number, again.Number, again.Item));
        Assert.Equal(1, await _bench.Outbox.CountAsync(Cancel));
    }

    [Fact]
    public async Task PublishAsync_Room_GoesThere()
    {
        PublishedItem item = (await _publisher.PublishAsync(Draft("1", "Rain"), null, "lobby", Cancel))!;
        await _bench.SendAllAsync(_relay);

        Assert.Equal(("lobby", "lobby"), (item.Target, _relay[1].Target));
        Assert.Empty(_relay[1].Subjects);
    }

    [Fact]
    public async Task PublishAsync_WhatTheServiceDoesNotHave_IsRefusedAndNotKept()
    {
        FormatException topic = await Assert.ThrowsAsync<FormatException>(() => _publisher.PublishAsync(Draft("1", "Rain"), "gossip", null, Cancel));
        FormatException subject = await Assert.ThrowsAsync<FormatException>(() => _publisher.PublishAsync(Draft("1", "Rain", "sun"), "weather", null, Cancel));
        FormatException title = await Assert.ThrowsAsync<FormatException>(() => PublishAsync("1", "\u202e"));
        await _publisher.PublishAsync(Draft("1", "Rain", "STORM"), "weather", null, Cancel);

        Assert.Equal("news has no topic \"gossip\"; it has: headlines, weather", topic.Message);
        Assert.Equal("the topic weather has no subject \"sun\"; it has: storm", subject.Message);
        Assert.Equal("title is empty", title.Message);
        Assert.Equal(["storm"], Assert.Single(await _bench.Outbox.ReadAsync(10, Cancel)).Subjects);
    }

    [Fact]
    public async Task PublishAsync_TooMuchWaits_KeepsNothing()
    {
        await PublishAsync("1", "a");
        await PublishAsync("2", "b");

        Assert.Null(await PublishAsync("3", "c"));
        Assert.Equal(2, (await _bench.Items.LatestAsync(5, Cancel)).Count);
    }

    [Fact]
    public async Task WaitAsync_NobodySends_SaysThatItWaits()
    {
        PublishedItem item = (await PublishAsync("1", "Rain"))!;

        Assert.Equal(new UpdateFate(UpdateState.Waiting, string.Empty), await _publisher.WaitAsync(item, TimeSpan.Zero, Cancel));
    }

    [Fact]
    public async Task WaitAsync_RelayAway_SaysThatAProcessHasIt()
    {
        PublishedItem item = (await PublishAsync("1", "Rain"))!;
        _relay.Before = (_, _) => throw new TimeoutException("no relay");
        await _bench.Sender(_relay).StepAsync(Cancel);

        Assert.Equal(UpdateState.InHand, (await _publisher.WaitAsync(item, TimeSpan.Zero, Cancel)).State);
    }

    [Fact]
    public async Task WaitAsync_Refused_SaysWhy()
    {
        PublishedItem item = (await _publisher.PublishAsync(Draft("1", "Rain"), null, "secret", Cancel))!;
        _relay.Before = (_, _) => throw new UpdateRefusedException("the room has not let it in");
        await _bench.Sender(_relay).StepAsync(Cancel);

        Assert.Equal(new UpdateFate(UpdateState.Refused, "the room has not let it in"), await _publisher.WaitAsync(item, TimeSpan.FromMinutes(1), Cancel));
    }

    [Fact]
    public async Task OpenAsync_ServiceThatNobodyHasRun_IsNull()
    {
        Assert.Null(await OpenAsync(new SubscriptionsOptions { Name = "music" }));
    }

    private static ItemDraft Draft(string id, string title, params string[] subjects) => new(id, title, string.Empty, string.Empty, string.Empty, subjects);

    private Task<PublishedItem?> PublishAsync(string id, string title) => _publisher.PublishAsync(Draft(id, title), null, null, Cancel);

    private async Task<ItemPublisher?> OpenAsync(SubscriptionsOptions options) =>
        await ItemPublisher.OpenAsync(await host.OptionsAsync(), options, _bench.Time, NullLoggerFactory.Instance, Cancel);
}
