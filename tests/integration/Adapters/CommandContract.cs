using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>What commands do on any store.</summary>
public abstract class CommandContract(IDatabaseHost host) : IAsyncLifetime
{
    private readonly SubscriptionsOptions _options = new() { CommentsPerItemMax = 3, CommentsPerUserMax = 2, LikesPerItemMax = 10, CommentBytesMax = 20 };
    private ServiceBench _bench = null!;
    private CommandDesk _desk = null!;
    private string _item = null!;
    private int _keys;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await ServiceBench.OpenAsync(host, _options);
        _item = (await _bench.AddAsync("Rain & Sun"))[0];
        _desk = _bench.Commands();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _bench.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Like_OncePerUser_SaysHowManyAndAlready()
    {
        Assert.Equal("You like “Rain & Sun”. Likes: 1.", await SayAsync("like", "alice"));
        Assert.Equal("You like “Rain & Sun” already. Likes: 1.", await SayAsync("like", "alice"));
        Assert.Equal("You like “Rain & Sun”. Likes: 2.", await SayAsync("like", "bob"));
        Assert.Equal("You no longer like “Rain & Sun”. Likes: 1.", await SayAsync("unlike", "alice"));
        Assert.Equal("You had not liked “Rain & Sun”. Likes: 1.", await SayAsync("unlike", "alice"));
        Assert.Equal("You like “Rain & Sun”. Likes: 2.", await SayAsync("like", "alice"));
    }

    [Fact]
    public async Task Like_TheSameCommandAgain_HasTheSameAnswer()
    {
        ServiceCommand like = Command("like", "alice");
        ServiceCommand unlike = Command("unlike", "alice");

        Assert.Equal(await SayAsync(like), await SayAsync(like));
        Assert.Equal(await SayAsync(unlike), await SayAsync(unlike));
        Assert.Equal("You no longer like “Rain & Sun”. Likes: 0.", await SayAsync(unlike));
    }

    [Fact]
    public async Task Like_ManyAtOnce_CountsEveryUserOnce()
    {
        string[] users = [.. Enumerable.Range(0, 10).Select(number => $"user{number}")];
        await Task.WhenAll(users.Concat(users).Select(user => SayAsync("like", user)));

        Assert.Equal("You like “Rain & Sun” already. Likes: 10.", await SayAsync("like", "user0"));
    }

    [Fact]
    public async Task Comment_Text_TellsTheRoomAndIsKeptOnce()
    {
        ServiceCommand comment = Command("comment", "alice", "at last", "!");

        Assert.Equal("commented on “Rain & Sun”: at last !", await SayAsync(comment));
        Assert.Equal("commented on “Rain & Sun”: at last !", await SayAsync(comment with { Attempt = 2 }));
        await SayAsync("comment", "bob", "more\u202E please");

        Assert.Equal("Comments on “Rain & Sun”:\n1. at last !\n2. (you) more please", await SayAsync("comments", "bob"));
        Assert.True(Verbs.All.Single(verb => verb.Name == "comment").AnswersRoom);
    }

    [Fact]
    public async Task Comment_AboveItsBounds_IsRefused()
    {
        Assert.Equal("A comment has at most 20 bytes; this one has 21.", await RefusedAsync(Command("comment", "alice", new string('x', 21))));
        Assert.Equal("Say something.", await RefusedAsync(Command("comment", "alice", " \u200B ")));
        Assert.Equal("Say something.", await RefusedAsync(Command("comment", "alice")));
        for (int number = 0; number < 3; number++)
        {
            await SayAsync("comment", $"user{number}", $"{number}");
        }

        Assert.Equal("That item has 3 comments and takes no more.", await RefusedAsync(Command("comment", "bob", "late")));
    }

    [Fact]
    public async Task Comment_AboveTheShareOfOneUser_IsRefusedAndOthersMay()
    {
        ServiceCommand second = Command("comment", "alice", "two");
        await SayAsync("comment", "alice", "one");
        await SayAsync(second);

        Assert.Equal("You have commented on that item as often as anyone may: 2 times.", await RefusedAsync(Command("comment", "alice", "three")));
        await SayAsync(second);
        await SayAsync("comment", "bob", "mine");
        Assert.Equal("Comments on “Rain & Sun”:\n1. (you) one\n2. (you) two\n3. mine", await SayAsync("comments", "alice"));
    }

    [Fact]
    public async Task Like_AboveWhatAnItemTakes_IsRefusedUntilOneIsTakenBack()
    {
        for (int user = 0; user < 10; user++)
        {
            await SayAsync("like", $"user{user}");
        }

        Assert.Equal("That item has 10 likes and takes no more.", await RefusedAsync(Command("like", "late")));
        Assert.Equal("You like “Rain & Sun” already. Likes: 10.", await SayAsync("like", "user0"));
        await SayAsync("unlike", "user0");
        Assert.Equal("You like “Rain & Sun”. Likes: 10.", await SayAsync("like", "late"));
        Assert.Equal("That item has 10 likes and takes no more.", await RefusedAsync(Command("like", "user0")));
        Assert.Equal(10, await LikeRowsAsync());
    }

    [Fact]
    public async Task Comments_None_SaysSo()
    {
        Assert.Equal("Nobody has commented on “Rain & Sun” yet.", await SayAsync("comments", "alice"));
    }

    [Fact]
    public async Task Share_Room_SendsTheCardThereOnce()
    {
        ServiceCommand share = Command("share", "alice", "friends");
        ServiceResult first = await _desk.HandleAsync(share, Cancel);
        ServiceResult again = await _desk.HandleAsync(share with { Attempt = 2 }, Cancel);

        // The relay tells the room that the argument names, once for a command, and only where the caller may speak.
        Assert.Equal(("shared “Rain & Sun”", _item, false), (first.Text, first.Card!.Item, first.IsRefused));
        Assert.Equal(first.Text, again.Text);
        ServiceVerb verb = Verbs.All.Single(verb => verb.Name == "share");
        Assert.Equal((true, ServiceParameterKind.Room), (verb.AnswersRoom, verb.Parameters[0].Kind));
        Assert.Equal(1, await _bench.Outbox.CountAsync(Cancel));
    }

    [Fact]
    public async Task Latest_Count_ListsTheNewestFirst()
    {
        await _bench.AddAsync("Two", "Three");

        Assert.Equal("- Three https://example.org/5\n- Two https://example.org/3\n- Rain & Sun https://example.org/10", await SayAsync("latest", "alice"));
        Assert.Equal("- Three https://example.org/5\n- Two https://example.org/3", await SayAsync("latest", "alice", "2"));
        Assert.Equal("Three", (await _desk.HandleAsync(Command("latest", "alice", "1"), Cancel)).Card!.Title);
        foreach (string count in new[] { "0", "21", "-1", "x" })
        {
            Assert.Equal("Say how many, from 1 to 20.", await RefusedAsync(Command("latest", "alice", count)));
        }
    }

    [Fact]
    public async Task Search_Words_FindsItemsThatHaveAllOfThem()
    {
        await _bench.AddAsync("100% Rain", "Snow_1", "ÄRGER im Café");

        Assert.Equal("- 100% Rain https://example.org/9\n- Rain & Sun https://example.org/10", await SayAsync("search", "alice", "RAIN"));
        Assert.Equal("Rain & Sun", (await _desk.HandleAsync(Command("search", "alice", "sun", "rain"), Cancel)).Card!.Title);
        Assert.Equal("100% Rain", (await _desk.HandleAsync(Command("search", "alice", "%"), Cancel)).Card!.Title);
        Assert.Equal("Snow_1", (await _desk.HandleAsync(Command("search", "alice", "_"), Cancel)).Card!.Title);
        Assert.Equal("ÄRGER im Café", (await _desk.HandleAsync(Command("search", "alice", "ärger cafe\u0301"), Cancel)).Card!.Title);
        Assert.Equal("Nothing was found that has: '; DROP TABLE x; --", await SayAsync("search", "alice", "'; DROP TABLE x; --"));
        Assert.Equal("Say something.", await RefusedAsync(Command("search", "alice", " ")));
    }

    [Fact]
    public async Task Handle_ItemMissingOrGoneOrVerbUnknown_RefusesClearly()
    {
        foreach (string verb in new[] { "like", "unlike", "comment", "comments", "share" })
        {
            ServiceCommand command = Command(verb, "alice", "room");
            Assert.Equal("Say which item: reply to its card, or press a button on it.", await RefusedAsync(command with { Item = null }));
            foreach (string item in new[] { "nosuch", "\0", new string('0', 32), new string('A', 32), _item + " " })
            {
                Assert.Equal("There is no such item here, or not any more.", await RefusedAsync(command with { Item = item }));
            }
        }

        Assert.Equal("This service does not know “dance”.", await RefusedAsync(Command("dance", "alice")));
    }

    [Fact]
    public async Task Handle_GermanCaller_IsAnsweredInGerman()
    {
        Assert.Equal("Dir gefällt „Rain & Sun“. Gefällt: 1.", await SayAsync(Command("like", "alice") with { Locale = "de-AT" }));
        Assert.Equal(["Gefällt mir", "Kommentieren", "Teilen", "Abonnieren"], (await _desk.HandleAsync(Command("latest", "alice", "1") with { Locale = "de" }, Cancel)).Card!.Actions.Select(action => action.Label));
    }

    private Task<long> LikeRowsAsync() => _bench.Database.ReadAsync(
        session => session.FirstOrDefaultAsync<long>("SELECT COUNT(*) FROM subscription_likes"), Cancel);

    private Task<string> SayAsync(string verb, string subject, params string[] arguments) => SayAsync(Command(verb, subject, arguments));

    private async Task<string> SayAsync(ServiceCommand command)
    {
        ServiceResult result = await _desk.HandleAsync(command, Cancel);
        Assert.False(result.IsRefused, result.Text);
        return result.Text;
    }

    private async Task<string> RefusedAsync(ServiceCommand command)
    {
        ServiceResult result = await _desk.HandleAsync(command, Cancel);
        Assert.True(result.IsRefused, result.Text);
        return result.Text;
    }

    private ServiceCommand Command(string verb, string subject, params string[] arguments) => new()
    {
        Verb = verb,
        Subject = subject,
        Arguments = arguments,
        Item = _item,
        Room = "lobby",
        Key = $"key{Interlocked.Increment(ref _keys)}",
        Deadline = _bench.Time.GetUtcNow() + TimeSpan.FromSeconds(10),
    };
}
