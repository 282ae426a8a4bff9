using System.Net;
using System.Text;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Client;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>Services in chat windows: a real relay, a small service, and two people who type.</summary>
public sealed class ServiceChatTests : IAsyncLifetime
{
    private const string Room = "harbour";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ServiceCard Ferry = new()
    {
        Item = "ferry-1",
        Title = "New ferry \u202estarts on Monday",
        Text = "Every hour.\nAlso at night.",
        Link = "https://gazette.example/ferry",
        Fields = [new CardField("Fare", "3.50 EUR")],
        Actions = [new CardAction { Label = "Like", Verb = "like" }, new CardAction { Label = "Comment", Verb = "comment" }],
    };

    private readonly ChatWindows _windows = new(Room);
    private TestRelay? _relay;
    private RelayService? _service;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _service = await new ServiceBuilder("news", "Harbour Gazette")
            .Describe("News of the harbour.")
            .Verb(
                new ServiceVerb { Name = "like", Summary = "Likes it", NeedsItem = true },
                (command, _) => ValueTask.FromResult(command.Item == Ferry.Item ? ServiceResult.Of("liked") : ServiceResult.Refused("there is no such item")))
            .Verb(
                new ServiceVerb
                {
                    Name = "comment",
                    Summary = "Says something of it",
                    NeedsItem = true,
                    AnswersRoom = true,
                    Parameters = [new ServiceParameter { Name = "text", Kind = ServiceParameterKind.Rest }],
                },
                (command, _) => ValueTask.FromResult(ServiceResult.Of(command.Arguments[0])))
            .Topic("headlines", "Headlines", new ServiceSubject("local", "Local"), new ServiceSubject("sport", "Sport"))
            .StartAsync(Options("speaker:news", _relay.B), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
        await _service!.DisposeAsync();
        await _relay!.DisposeAsync();
    }

    [Fact]
    [Trait("Must", "R-CARD-3")]
    public async Task Comment_TypedInOneWindow_IsSeenInTheOther()
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        ChatRun bob = await _windows.OpenAsync("bob", _relay.B);
        await _windows.TypeAsync(anna, "/subscribe news.headlines local for 7d", "subscribed to news.headlines (local) until ");
        await _service!.UpdateAsync("topic:news.headlines", Ferry, ["local"], Cancel);
        foreach (ChatRun chat in new[] { anna, bob })
        {
            await ChatWindows.SeenAsync(chat, "relay chat: [news] #1 New ferry \ufffdstarts on Monday\n");
            await ChatWindows.SeenAsync(chat, "relay chat:    Every hour.\nrelay chat:    Also at night.\nrelay chat:    https://gazette.example/ferry\nrelay chat:    Fare: 3.50 EUR\n");
            await ChatWindows.SeenAsync(chat, "relay chat:    /news like #1 \u00b7 /news comment #1 TEXT\n");
        }

        await _windows.TypeAsync(bob, "/news comment #1 at  last!", "bob (news, on \"New ferry \ufffdstarts on Monday\"): at  last!\n");
        await ChatWindows.SeenAsync(anna, "relay chat: bob (news, on \"New ferry \ufffdstarts on Monday\"): at  last!\n");
        await _windows.TypeAsync(anna, "/news like", "relay chat: news: liked\n");
        await _windows.TypeAsync(anna, "/subscriptions", "relay chat: news.headlines (local) until ");
        await _windows.TypeAsync(bob, "/renew news.headlines for 30d", "subscribed to news.headlines (local) until ");
        await ChatWindows.SeenAsync(anna, " by bob\n");
        await _windows.TypeAsync(anna, "/help news", "/news comment #ITEM TEXT\u2026: Says something of it (everybody sees it)\n");
        await _windows.TypeAsync(anna, "/help news subscribe", "/news subscribe TOPIC [SUBJECT\u2026] [for TIME]: ");
        await _windows.TypeAsync(anna, "/help news.headlines", "subject sport: Sport\n");
        await _windows.TypeAsync(anna, "/services", "/news: Harbour Gazette. News of the harbour. (let in)\n");
    }

    [Fact]
    [Trait("Must", "R-SUB-9")]
    public async Task Subscribe_AsAVerbOfTheService_TheRoomIsToldAndHasItsUpdates()
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        ChatRun bob = await _windows.OpenAsync("bob", _relay.B);
        await _windows.TypeAsync(anna, "/news help", "/news subscribe TOPIC [SUBJECT\u2026] [for TIME]");
        await _windows.TypeAsync(anna, "/news subscribe headlines local for 7d", "subscribed to news.headlines (local) until ");
        await ChatWindows.SeenAsync(bob, " by anna\n");
        await _service!.UpdateAsync("topic:news.headlines", Ferry, ["local"], Cancel);
        await ChatWindows.SeenAsync(bob, "relay chat: [news] #1 New ferry");
        await _windows.TypeAsync(bob, "/news unsubscribe headlines", "no longer subscribed to news.headlines");
        await ChatWindows.SeenAsync(anna, "no longer subscribed to news.headlines");
        Assert.DoesNotContain("news: done", anna.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_GoesAway_TheRoomIsTold()
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        await _windows.TypeAsync(anna, "/invite news", "news was let in by anna\n");
        await _service!.DisposeAsync();
        await ChatWindows.SeenAsync(anna, "relay chat: news is away\n");
    }

    [Theory]
    [InlineData("/news like #4", ClientExitCode.Input, "news: there is no #4: no card was shown in this window")]
    [InlineData("/news like", ClientExitCode.Input, "news: there is no card of news in this window to like; /news like #ITEM names one")]
    [InlineData("/news like #none", ClientExitCode.Refused, "there is no such item\n")]
    [InlineData("/nws like", ClientExitCode.Input, "there is no command /nws; did you mean /news?")]
    [InlineData("/help news gossip", ClientExitCode.Input, "news has neither a verb nor a topic 'gossip'; /help news lists what it has")]
    [InlineData("/renew news.headlines", ClientExitCode.Input, "there is no subscription to news.headlines; /subscriptions lists those of this room")]
    [InlineData("/subscribe news.gossip", ClientExitCode.Refused, "line 2 was refused: ")]
    [InlineData("/news subscribe gossip", ClientExitCode.Refused, "there is no topic news.gossip")]
    [InlineData("/news subscribe headlines for ever", ClientExitCode.Refused, "'ever' is no duration; write 30s, 10m, 2h, 7d or 'forever'; usage: /news subscribe TOPIC")]
    public async Task Line_ThatCannotBeDone_IsExplained(string line, int exitCode, string expected)
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        await _windows.TypeAsync(anna, line, expected);
        Assert.Equal(exitCode, await _windows.EndAsync(anna));
    }

    [Fact]
    public async Task Inbox_UpdateOfAnOwnSubscription_IsLabelled()
    {
        await using var client = new RelayClient(Options("user:anna", _relay!.A));
        await client.ConnectAsync(Cancel);
        await client.SubscribeAsync(null, "news.headlines", cancellationToken: Cancel);
        ChatRun anna = await _windows.OpenAsync("anna", _relay.B, "--inbox");
        await _service!.UpdateAsync("topic:news.headlines", Ferry, ["sport"], Cancel);
        await ChatWindows.SeenAsync(anna, "relay chat: [inbox] [news] #1 New ferry");
    }

    [Fact]
    public async Task Json_Update_IsThereWhole()
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        await _windows.TypeAsync(anna, "/subscribe news.headlines", "subscribed to news.headlines");
        await _service!.UpdateAsync("topic:news.headlines", Ferry, ["sport"], Cancel);
        await ChatWindows.SeenAsync(anna, "[news] #1");

        var later = new ChatRun("user:bob");
        Assert.Equal(ClientExitCode.Done, await later.StartAsync("", Room, "--commands", "--json", "--from-start", "--edge", _relay.A.ToString()).WaitAsync(Patience, Cancel));
        string line = Encoding.UTF8.GetString(later.Output.ToArray()).Split('\n').Single(one => one.Contains("\"event\":\"update\"", StringComparison.Ordinal));
        JsonElement update = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("news", "news.headlines"), (update.GetProperty("service").GetString(), update.GetProperty("topic").GetString()));
        Assert.Equal(Ferry.Title, update.GetProperty("card").GetProperty("title").GetString());
        Assert.Equal("like", update.GetProperty("card").GetProperty("actions")[0].GetProperty("verb").GetString());
    }

    [Fact]
    public async Task Line_CardOfAnotherService_IsExplained()
    {
        await using RelayService other = await new ServiceBuilder("shop", "Shop")
            .Verb("show", "Shows the scarf", (_, _) => ValueTask.FromResult(new ServiceResult { Card = new ServiceCard { Item = "scarf 7", Title = "Scarf" } }))
            .Verb(
                new ServiceVerb { Name = "order", Summary = "Orders it", NeedsItem = true, Parameters = [new ServiceParameter { Name = "note", Kind = ServiceParameterKind.Rest }] },
                (command, _) => ValueTask.FromResult(ServiceResult.Of($"{command.Item} with {command.Arguments[0]}")))
            .StartAsync(Options("speaker:shop", _relay!.A), Cancel);
        ChatRun anna = await _windows.OpenAsync("anna", _relay.A);
        await _windows.TypeAsync(anna, "/shop show", "relay chat: shop: #1 Scarf\n");
        await _windows.TypeAsync(anna, "/shop order #1 \"a bow\"", "relay chat: shop: scarf 7 with a bow\n");
        await _windows.TypeAsync(anna, "/service shop order bows", "relay chat: shop: scarf 7 with bows\n");
        await _windows.TypeAsync(anna, "/news like #1", "news: #1 is of shop; /shop like #1 asks that");
    }

    [Fact]
    public async Task Line_ToARelayWithoutServices_IsExplained()
    {
        await using var edge = new ScriptedEdge();
        var chat = new ChatRun("token");
        Task<int> running = chat.StartAsync("/news like\n", "lobby", "--commands", "--edge", edge.Endpoint.ToString());
        ScriptedSession session = await edge.AcceptReadyAsync();
        await session.GrantJoinAsync(0, 0);
        Assert.Equal(ClientExitCode.Input, await running.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Contains("there is no command /news; this relay does not know services", chat.Error.ToString(), StringComparison.Ordinal);
    }

    private static RelayClientOptions Options(string token, IPEndPoint edge) => new()
    {
        Endpoints = [new RelayEndpoint(edge.Address.ToString(), edge.Port)],
        TokenProvider = _ => ValueTask.FromResult(token),
    };
}
