using RelayServer.Cli;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Host;

/// <summary>The sample services of the one-process relay, as users of a room have them.</summary>
public sealed class SampleServicesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private RunningRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public async ValueTask InitializeAsync()
    {
        _relay = await RunningRelay.StartAsync("--data", Data, "--listen", "127.0.0.1:0", "--set", "Adapters:HooksListen=127.0.0.1:0");
        await _relay.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Menu_OneProcessRelay_HasTheThreeServices()
    {
        await using RelayClient alice = await ConnectAsync("alice");

        await ServicesAsync(alice);
        MenuPage news = await alice.QueryMenuAsync("news", locale: "de", cancellationToken: Cancel);

        Assert.Matches("services +news, music, social", _relay.Screen);
        Assert.Contains(news.Lines, line => line.Title.Contains("Schlagzeilen", StringComparison.Ordinal));
        Assert.Empty(_relay.Errors);
    }

    [Fact]
    public async Task PublishUpdate_FromTheCommandLine_ReachesTheRoom()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await SubscribeAsync(alice);

        await PublishAsync("--title", "Not for us", "--subject", "sport");
        await PublishAsync("--title", "Ferry is late", "--subject", "harbour", "--link", "https://gazette.example/late");
        RelayUpdate update = await square.NextAsync<RelayUpdate>();

        Assert.Equal(("news", "news.headlines", "Ferry is late"), (update.Service, update.Topic, update.Card.Title));
    }

    [Fact]
    public async Task PublishUpdate_Item_IsLikedCommentedSharedListedAndFound()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await SubscribeAsync(alice);
        await alice.ControlAsync("friends", RoomControl.Create("friends"), Cancel);
        await alice.InviteAsync("friends", "news", cancellationToken: Cancel);
        await using RelaySubscription friends = await alice.JoinAsync("friends", cancellationToken: Cancel);
        await PublishAsync("--title", "Ferry is late", "--subject", "harbour", "--item", "ferry-17");
        Assert.Contains("\"state\":\"known\"", await PublishAsync("--title", "Ferry is late", "--item", "ferry-17", "--json"), StringComparison.Ordinal);
        ServiceCard card = (await square.NextAsync<RelayUpdate>()).Card;

        Assert.Equal("You like “Ferry is late”. Likes: 1.", (await alice.CommandAsync(Of("like", card) with { Service = "news" }, Cancel)).Text);
        Assert.Equal(new CardField("likes", "1"), (await square.NextAsync<RelayUpdate>()).Card.Fields[^1]);
        await alice.CommandAsync(Of("comment", card, "not again") with { Service = "news" }, Cancel);
        Assert.Equal("commented on “Ferry is late”: not again", (await square.NextAsync<RelayCommandDone>()).Text);
        await alice.CommandAsync(Of("share", card, "friends") with { Service = "news" }, Cancel);
        Assert.Equal(card.Item, (await friends.NextAsync<RelayCommandDone>()).Card!.Item);
        Assert.Equal(card.Item, (await alice.CommandAsync("news", "latest", ["1"], "square", Cancel)).Card!.Item);
        Assert.Equal(card.Item, (await alice.CommandAsync("news", "search", ["ferry late"], "square", Cancel)).Card!.Item);
    }

    [Fact]
    [Trait("Must", "R-SUB-9")]
    public async Task Latest_CardOfTheAnswer_HasAButtonThatSubscribes()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await ServicesAsync(alice);
        await alice.ControlAsync("square", RoomControl.Create("Square"), Cancel);
        await using RelaySubscription square = await alice.JoinAsync("square", cancellationToken: Cancel);
        ServiceCard card = await ItemAsync(alice);
        CardAction button = card.Actions[^1];
        Assert.Equal(("Subscribe", "subscribe", "releases"), (button.Label, button.Verb, Assert.Single(button.Arguments)));

        await alice.CommandAsync(new CommandRequest { Service = "music", Verb = button.Verb, Arguments = button.Arguments, Room = "square", Item = card.Item }, Cancel);
        await alice.CommandAsync(new CommandRequest { Service = "music", Verb = button.Verb, Arguments = [.. button.Arguments, "jazz", "for", "7d"] }, Cancel);
        TopicSubscription ofRoom = Assert.Single((await alice.QuerySubscriptionsAsync("square", cancellationToken: Cancel)).Subscriptions);
        TopicSubscription own = Assert.Single((await alice.QuerySubscriptionsAsync(null, cancellationToken: Cancel)).Subscriptions);

        Assert.Equal(("music.releases", 0, null), (ofRoom.Topic, ofRoom.Subjects.Count, ofRoom.ExpiresAt));
        Assert.Equal(("music.releases", "jazz"), (own.Topic, Assert.Single(own.Subjects)));
        Assert.InRange(own.ExpiresAt!.Value, DateTimeOffset.UtcNow.AddDays(6.9), DateTimeOffset.UtcNow.AddDays(7));
    }

    [Fact]
    public async Task Latest_OfTheThreeServices_IsOfItsOwnFileAndTheRoomSubscribesToAll()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await ServicesAsync(alice);
        await alice.ControlAsync("square", RoomControl.Create("Square"), Cancel);
        await using RelaySubscription square = await alice.JoinAsync("square", cancellationToken: Cancel);
        var titles = new HashSet<string>();
        foreach (string service in new[] { "news", "music", "social" })
        {
            ServiceCard card = await ItemAsync(alice, service);
            titles.Add(card.Title);
            CardAction button = card.Actions[^1];
            await alice.CommandAsync(new CommandRequest { Service = service, Verb = button.Verb, Arguments = button.Arguments, Room = "square" }, Cancel);
        }

        Assert.Equal(3, titles.Count);
        Assert.Equal(
            ["music", "news", "social"],
            (await alice.QuerySubscriptionsAsync("square", cancellationToken: Cancel)).Subscriptions.Select(one => one.Topic.Split('.')[0]));
    }

    [Fact]
    public async Task Items_LikedCommentedAndShared_TheOthersSeeIt()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelayClient bob = await ConnectAsync("bob");
        await ServicesAsync(alice);
        foreach (string room in new[] { "square", "friends", "strangers" })
        {
            await alice.ControlAsync(room, RoomControl.Create(room), Cancel);
        }

        await alice.InviteAsync("square", "music", cancellationToken: Cancel);
        await alice.InviteAsync("friends", "music", cancellationToken: Cancel);
        await using RelaySubscription square = await alice.JoinAsync("square", cancellationToken: Cancel);
        await using RelaySubscription heard = await bob.JoinAsync("square", cancellationToken: Cancel);
        await using RelaySubscription friends = await bob.JoinAsync("friends", cancellationToken: Cancel);
        ServiceCard card = await ItemAsync(alice);

        Assert.Equal($"You like “{card.Title}”. Likes: 1.", (await alice.CommandAsync(Of("like", card), Cancel)).Text);
        Assert.Equal($"You like “{card.Title}” already. Likes: 1.", (await alice.CommandAsync(Of("like", card), Cancel)).Text);
        RelayUpdate liked = await heard.NextAsync<RelayUpdate>();
        Assert.Equal((card.Item, new CardField("likes", "1")), (liked.Card.Item, liked.Card.Fields[^1]));
        await alice.CommandAsync(Of("comment", card, "well", "done") with { Arguments = ["well done"] }, Cancel);
        RelayCommandDone comment = await heard.NextAsync<RelayCommandDone>();
        Assert.Equal(("alice", card.Item, $"commented on “{card.Title}”: well done"), (comment.From, comment.Item, comment.Text));
        Assert.Contains("1. well done", (await bob.CommandAsync(Of("comments", card), Cancel)).Text, StringComparison.Ordinal);

        await alice.CommandAsync(Of("share", card, "friends"), Cancel);
        RelayCommandDone shared = await friends.NextAsync<RelayCommandDone>();
        Assert.Equal(("alice", card.Item, $"shared “{card.Title}”"), (shared.From, shared.Card!.Item, shared.Text));
        RelayException refusal = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync(Of("like", card) with { Item = "nosuch" }, Cancel));
        Assert.Equal(ErrorCode.CommandRefused, refusal.Code);
    }

    [Fact]
    public async Task Share_WhereTheCallerMayNotSpeak_IsRefused()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelayClient bob = await ConnectAsync("bob");
        await ServicesAsync(alice);
        foreach (string room in new[] { "square", "friends", "strangers" })
        {
            await alice.ControlAsync(room, RoomControl.Create(room), Cancel);
        }

        await alice.InviteAsync("friends", "music", cancellationToken: Cancel);
        await using RelaySubscription square = await bob.JoinAsync("square", cancellationToken: Cancel);
        ServiceCard card = await ItemAsync(bob);
        await alice.ControlAsync("friends", RoomControl.Mute("bob", 600), Cancel);

        RelayException muted = await Assert.ThrowsAsync<RelayException>(() => bob.CommandAsync(Of("share", card, "friends"), Cancel));
        RelayException notLetIn = await Assert.ThrowsAsync<RelayException>(() => bob.CommandAsync(Of("share", card, "strangers"), Cancel));

        Assert.Equal((ErrorCode.Muted, ErrorCode.Forbidden), (muted.Code, notLetIn.Code));
    }

    private static CommandRequest Of(string verb, ServiceCard card, params string[] arguments) =>
        new() { Service = "music", Verb = verb, Item = card.Item, Room = "square", Arguments = arguments };

    private static Task ServicesAsync(RelayClient client) => Eventually.TrueAsync(
        async () => (await client.QueryMenuAsync(cancellationToken: Cancel)).Lines.Select(line => line.Name).Order().SequenceEqual(["music", "news", "social"]),
        Patience,
        () => "the services are not in the menu");

    // The feeds are read a moment after the start.
    private static async Task<ServiceCard> ItemAsync(RelayClient client, string service = "music")
    {
        ServiceCard? card = null;
        await Eventually.TrueAsync(
            async () => (card = (await client.CommandAsync(service, "latest", ["1"], "square", Cancel)).Card) is not null, Patience, () => "there is no item");
        return card!;
    }

    private async Task<RelayClient> ConnectAsync(string user)
    {
        (TrustedKey key, string audience) = LocalToken.Read(Data);
        var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [RelayEndpoint.Parse(Edge)],
            TokenProvider = _ => ValueTask.FromResult(LocalToken.Mint(key, audience, user, TimeSpan.FromHours(1))),
        });
        await client.ConnectAsync(Cancel);
        return client;
    }

    private string Edge => _relay.Screen.Split("edge 1", 2)[1].TrimStart().Split('\n')[0];

    // A room that hears of the harbour, which no sample feed tells of.
    private static async Task<RelaySubscription> SubscribeAsync(RelayClient client)
    {
        await ServicesAsync(client);
        await client.ControlAsync("square", RoomControl.Create("Square"), Cancel);
        RelaySubscription square = await client.JoinAsync("square", cancellationToken: Cancel);
        await client.SubscribeAsync("square", "news.headlines", ["harbour"], cancellationToken: Cancel);
        return square;
    }

    private async Task<string> PublishAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await RelayCommandLine.RunAsync(["publish-update", "news", "--topic", "headlines", "--data", Data, .. arguments], output, error, Cancel);
        Assert.True(code == ExitCode.Done, error.ToString());
        return output.ToString();
    }
}
