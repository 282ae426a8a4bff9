using System.Text.Json;
using RelayServer.Cli;
using RelayServer.Cli.Connections;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>The commands about services against a running relay, with the services that come with it.</summary>
public sealed class ServiceCommandTests(ChatRelay relay) : IClassFixture<ChatRelay>
{
    private string _user = "mia";

    [Fact]
    public async Task Service_ListAndShow_TellWhatThereIs()
    {
        await relay.UntilServedAsync();
        string list = await DoneAsync("service", "list");
        Assert.Contains("/music: Fresh records. New albums by genre.\n", list, StringComparison.Ordinal);
        Assert.Contains("/news: Harbour Gazette.", list, StringComparison.Ordinal);
        string shown = await DoneAsync("service", "show", "news");
        Assert.Contains("/news like #ITEM", shown, StringComparison.Ordinal);
        Assert.Contains("topic news.headlines: Headlines (any subject)\n", shown, StringComparison.Ordinal);
        string subjects = await DoneAsync("service", "show", "news", "weather", "--json");
        Assert.Equal(["forecast", "warning"], subjects.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Text(line, "name")));
        Assert.Equal(subjects, await DoneAsync("service", "show", "news.weather", "--json"));
        await FailedAsync(ClientExitCode.Refused, "'relay service list' shows those that there are", "service", "show", "nws");
    }

    [Fact]
    public async Task Service_Call_PrintsTheAnswer()
    {
        await relay.UntilServedAsync();
        Assert.NotEmpty(await DoneAsync("service", "call", "news", "latest", "1"));
        using JsonDocument answer = JsonDocument.Parse(await DoneAsync("service", "call", "news", "latest", "1", "--json"));
        Assert.Equal("news", answer.RootElement.GetProperty("service").GetString());
        await FailedAsync(ClientExitCode.Refused, "(30", "service", "call", "news", "sing");
        await FailedAsync(ClientExitCode.Refused, "--item ID says which", "service", "call", "news", "like");
    }

    [Theory]
    [InlineData("inbox of mia")]
    [InlineData("pier", "--room", "pier")]
    public async Task Subscription_OfARoomOrTheInbox_IsListedUntilItEnds(string name, params string[] room)
    {
        await relay.UntilServedAsync();
        Assert.StartsWith(
            $"{name}: subscribed to news.headlines (local, sport) until ", await DoneAsync(["subscribe", "news.headlines", "local", "sport", "--for", "7d", .. room]), StringComparison.Ordinal);
        Assert.StartsWith($"{name}: subscribed to news.headlines (local, sport) until ", await DoneAsync(["renew", "news.headlines", .. room]), StringComparison.Ordinal);
        Assert.Equal($"{name}: subscribed to news.headlines (local, sport)\n", await DoneAsync(["renew", "news.headlines", "--for", "forever", .. room]));
        await DoneAsync(["renew", "news.headlines", "--for", "7d", .. room]);
        Assert.StartsWith("news.headlines (local, sport) until ", await DoneAsync(["subscriptions", .. room]), StringComparison.Ordinal);
        Assert.Equal("news.headlines", Text(await DoneAsync(["subscriptions", "--json", .. room]), "topic"));
        Assert.StartsWith($"{name}: no longer subscribed to news.headlines", await DoneAsync(["unsubscribe", "news.headlines", .. room]), StringComparison.Ordinal);
        Assert.Equal($"{name}: no subscriptions\n", await DoneAsync(["subscriptions", .. room]));
        await FailedAsync(ClientExitCode.Refused, $"{name}: there is no subscription to news.headlines; 'relay subscribe news.headlines' makes one", ["renew", "news.headlines", .. room]);
        await FailedAsync(ClientExitCode.Refused, "NotFound", ["unsubscribe", "news.headlines", .. room]);
    }

    [Fact]
    public async Task Inbox_UpdateOfASubscription_IsPrintedAndCounted()
    {
        await relay.UntilServedAsync();
        _user = "ida";
        await DoneAsync("subscribe", "music.releases", "classical");
        using var output = new Host.WaitingWriter();
        using var error = new StringWriter();
        Task<int> inbox = RelayCommandLine.RunAsync(
            ["inbox", "--count", "1", "--user", _user, .. relay.ConnectArguments], output, error, TestContext.Current.CancellationToken);
        await output.WaitForAsync("subscribed to music.releases (classical) by ida").WaitAsync(TimeSpan.FromSeconds(30));
        await DoneAsync("publish-update", "music", "--topic", "releases", "--title", "Nine Lanterns", "--text", "At last.", "--subject", "classical", "--item", "nine");
        Assert.Equal(ClientExitCode.Done, await inbox.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(" [music] Nine Lanterns\n   At last.\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nine Lanterns", await DoneAsync("inbox", "--count", "1", "--json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'news' is no topic: one is written SERVICE.TOPIC", "subscribe", "news")]
    [InlineData("--for and --until exclude each other", "subscribe", "news.headlines", "--for", "7d", "--until", "18:00")]
    [InlineData("--for soon: expected 30s, 10m, 2h, 7d or 'forever'", "subscribe", "news.headlines", "--for", "soon")]
    [InlineData("'soon' is no duration", "subscribe", "news.headlines", "sport", "for", "soon")]
    [InlineData("Cannot parse argument 'x' for option '--last': expected a whole number.", "inbox", "--last", "x")]
    [InlineData("'a b' cannot name a room", "subscriptions", "--room", "a b")]
    [InlineData("'News' is no service", "service", "show", "News")]
    [InlineData("--count takes 1 or more", "inbox", "--count", "0")]
    public async Task Arguments_Wrong_AreExplained(string expected, params string[] arguments) =>
        await FailedAsync(RelayServer.Hosting.ExitCode.Usage, expected, arguments);

    private async Task<string> DoneAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.True(exitCode == ClientExitCode.Done, $"{string.Join(' ', arguments)}: {exitCode}: {error}");
        return output;
    }

    private async Task FailedAsync(int expectedCode, string expected, params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal((expectedCode, ""), (exitCode, output));
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] where = arguments[0] == "publish-update" ? relay.DataArguments : ["--user", _user, .. relay.ConnectArguments];
        int exitCode = await RelayCommandLine.RunAsync([.. arguments, .. where], output, error, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static string? Text(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();
}
