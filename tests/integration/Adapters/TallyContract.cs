using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What the others in a room hear of likes, on any store.</summary>
public abstract class TallyContract(IDatabaseHost host) : IAsyncLifetime
{
    private readonly RecordedUpdates _relay = new();
    private ServiceBench _bench = null!;
    private CommandDesk _desk = null!;
    private OutboxSender _sender = null!;
    private string[] _items = [];
    private int _keys;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await ServiceBench.OpenAsync(host);
        _sender = _bench.Sender(_relay);
        _desk = _bench.Commands();
        _items = await _bench.AddAsync("Rain", "Sun", "Wind");
        await TellAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _bench.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Like_InARoom_TheOthersSeeHowMany()
    {
        await SayAsync("like", "alice", _items[0]);
        await TellAsync();

        Assert.Equal(["Rain 1"], Told("lobby"));
        Assert.Equal(_items[0], _relay[4].Card.Item);
    }

    [Fact]
    public async Task Like_OutsideOfARoom_IsToldToNobody()
    {
        await SayAsync("like", "alice", _items[0], room: null);
        await TellAsync();

        Assert.Equal(3, _relay.Sent.Count);
    }

    [Fact]
    public async Task Like_FloodOfUsers_IsALineInHalfAMinute()
    {
        for (int user = 0; user < 50; user++)
        {
            await SayAsync("like", $"user{user}", _items[0]);
            await TellAsync();
            _bench.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(["Rain 1"], Told("lobby"));
        _bench.Time.Advance(TallyStore.ItemPause);
        await TellAsync();
        Assert.Equal(["Rain 1", "Rain 50"], Told("lobby"));
        _bench.Time.Advance(TallyStore.ItemPause);
        await TellAsync();
        Assert.Equal(["Rain 1", "Rain 50"], Told("lobby"));
    }

    [Fact]
    public async Task Like_ManyItems_ARoomHearsOfOneAtATimeAndOfAll()
    {
        foreach (string item in _items)
        {
            await SayAsync("like", "alice", item);
            await SayAsync("like", "bob", item, room: "friends");
            _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        foreach (string[] told in new[] { ["Rain 2"], ["Rain 2", "Sun 2"], new[] { "Rain 2", "Sun 2", "Wind 2" } })
        {
            await TellAsync();
            Assert.Equal(told, Told("lobby"));
            Assert.Equal(told, Told("friends"));
            _bench.Time.Advance(TallyStore.RoomPause);
        }
    }

    [Fact]
    public async Task Like_TakenBackAtOnce_IsNoNews()
    {
        await SayAsync("like", "alice", _items[0]);
        await SayAsync("unlike", "alice", _items[0]);
        await TellAsync();
        Assert.Empty(Told("lobby"));

        await SayAsync("like", "alice", _items[0]);
        await TellAsync();
        await SayAsync("unlike", "alice", _items[0]);
        _bench.Time.Advance(TallyStore.ItemPause);
        await TellAsync();
        Assert.Equal(["Rain 1", "Rain 0"], Told("lobby"));
    }

    [Fact]
    public async Task Like_Again_IsNoNews()
    {
        await SayAsync("like", "alice", _items[0]);
        await TellAsync();
        _bench.Time.Advance(TallyStore.ItemPause);
        await SayAsync("like", "alice", _items[0]);

        Assert.False(await _bench.Outbox.HasWorkAsync(Cancel));
    }

    [Fact]
    public async Task Like_RoomsWithManyItems_KeepNoOtherRoomFromHearing()
    {
        string[] many = await AddManyAsync(TallyStore.ItemsPerRoomMax);
        foreach (string item in many)
        {
            await SayAsync("like", "alice", item);
            await SayAsync("like", "bob", item, room: "friends");
        }

        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await SayAsync("like", "carol", _items[0], room: "quiet");
        await _bench.Tallies.QueueAsync(Cancel);

        Assert.Equal(["friends", "lobby", "quiet"], (await _bench.Outbox.ReadAsync(10, Cancel)).Select(update => update.Target).Order());
    }

    [Fact]
    public async Task Queue_MoreRoomsThanAreToldAtOnce_TellsSoManyAndThenTheOthers()
    {
        for (int room = 0; room <= TallyStore.RoomsMax; room++)
        {
            await SayAsync("like", $"user{room}", _items[0], $"room{room}");
        }

        await _bench.Tallies.QueueAsync(Cancel);
        Assert.Equal(TallyStore.RoomsMax, await _bench.Outbox.CountAsync(Cancel));

        await _bench.Tallies.QueueAsync(Cancel);
        Assert.Equal(TallyStore.RoomsMax + 1, await _bench.Outbox.CountAsync(Cancel));
    }

    [Fact]
    public async Task Like_MoreItemsThanARoomHearsOf_AreCountedAndNotToldThere()
    {
        string[] many = await AddManyAsync(TallyStore.ItemsPerRoomMax + 1);
        foreach (string item in many)
        {
            await SayAsync("like", "alice", item);
        }

        Assert.Equal(TallyStore.ItemsPerRoomMax, await CountTalliesAsync());
        await SayAsync("like", "bob", many[^1], room: "friends");
        await TellAsync();
        Assert.Equal([$"{TallyStore.ItemsPerRoomMax} 2"], Told("friends"));
    }

    [Fact]
    public async Task Like_MoreItemsThanAllRoomsHearOf_AreToldAgainWhenOthersHaveLeft()
    {
        long toldAt = _bench.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await _bench.Database.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO subscription_tallies (service, room, item, due_at, told_at, likes)
                WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < @count)
                SELECT 'news', 'room' || number, @item, 0, @toldAt, 1 FROM numbers
                """,
                new { count = (long)TallyStore.ItemsMax, toldAt, item = _items[0] }),
            Cancel);

        await SayAsync("like", "alice", _items[0]);
        Assert.Equal(TallyStore.ItemsMax, await CountTalliesAsync());
        Assert.False(await _bench.Outbox.HasWorkAsync(Cancel));

        _bench.Time.Advance(TallyStore.ItemPause);
        await SayAsync("like", "bob", _items[0]);
        Assert.Equal(1, await CountTalliesAsync());
        await TellAsync();
        Assert.Equal(["Rain 2"], Told("lobby"));
    }

    [Fact]
    public async Task Like_WhileTheOutboxIsFull_IsToldLater()
    {
        await using ServiceBench small = await ServiceBench.OpenAsync(host, new() { OutboxItemsMax = 1 }, _bench.Time);
        await small.AddAsync("Fog");
        await SayAsync("like", "alice", _items[0]);
        await small.Tallies.QueueAsync(Cancel);
        Assert.Equal(1, await small.Outbox.CountAsync(Cancel));

        await TellAsync();
        Assert.Equal(["Rain 1"], Told("lobby"));
    }

    [Fact]
    public async Task Like_ServiceThatSleeps_IsWoken()
    {
        using var stop = new CancellationTokenSource();
        CommandDesk desk = _bench.Commands(_sender.Wake);
        Task running = _sender.RunAsync(stop.Token);
        Assert.Equal(OutboxSender.IdleWait, await _bench.Time.NextWaitAsync());

        await desk.HandleAsync(Command("like", "alice", _items[0], "lobby"), Cancel);

        await _relay.ArriveAsync(4);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(["Rain 1"], Told("lobby"));
    }

    // Their titles are numbers.
    private async Task<string[]> AddManyAsync(int count)
    {
        string[] many = await _bench.AddAsync([.. Enumerable.Range(0, count).Select(number => $"{number}")]);
        await TellAsync();
        return many;
    }

    private Task<long> CountTalliesAsync() => _bench.Database.ReadAsync(
        session => session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_tallies"), Cancel);

    private async Task SayAsync(string verb, string subject, string item, string? room = "lobby") =>
        Assert.False((await _desk.HandleAsync(Command(verb, subject, item, room), Cancel)).IsRefused);

    private ServiceCommand Command(string verb, string subject, string item, string? room) =>
        new() { Verb = verb, Subject = subject, Item = item, Room = room, Key = $"key{++_keys}" };

    // Until there is nothing to do any more.
    private async Task TellAsync()
    {
        while (await _sender.StepAsync(Cancel) == TimeSpan.Zero)
        {
        }
    }

    private string[] Told(string room) =>
    [
        .. _relay.Sent.Select(number => _relay[number]).Where(update => update.Target == room)
            .Select(update => $"{update.Card.Title} {update.Card.Fields.Single(field => field.Name == "likes").Value}"),
    ];
}
