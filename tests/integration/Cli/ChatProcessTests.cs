using System.Diagnostics;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>The chat in a pipe, as a process of its own.</summary>
public sealed class ChatProcessTests(ChatRelay relay) : IClassFixture<ChatRelay>
{
    // A second is what is promised; the rest is for a machine that has other things to do.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData("--listen")]
    [InlineData("--count", "5")]
    public async Task Listen_NobodyReadsTheOutputOfAQuietRoom_EndsSoon(params string[] options)
    {
        await using RelayProcess chat = RelayProcess.StartPiped([.. relay.Arguments("quiet", "alice"), .. options]);
        await chat.WaitForAsync("connected to");
        long closed = Stopwatch.GetTimestamp();
        chat.Output.Close();
        Assert.Equal(0, await chat.WaitForExitAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(closed), TimeSpan.Zero, Soon);
    }

    [Fact]
    public async Task Publish_NobodyReadsTheOutput_PublishesEverything()
    {
        await using RelayProcess chat = RelayProcess.StartPiped(relay.Arguments("unread", "alice"));
        await chat.WaitForAsync("connected to");
        chat.Output.Close();
        await relay.PublishAsync("unread", "zoë", "nobody reads this");
        await chat.Input.WriteAsync("one\ntwo\n");
        chat.Input.Close();
        Assert.Equal(0, await chat.WaitForExitAsync());
        Assert.Contains("published 2, acked 2", chat.Printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XDG_DATA_HOME", "relay")]
    [InlineData("HOME", ".local/share/relay")]
    public async Task Chat_NeitherFolderNorToken_FindsThoseOfTheRelayOfTheSameUser(string variable, string expected)
    {
        using var folder = new TemporaryFolder();
        (string, string?)[] environment = [("XDG_DATA_HOME", null), ("RELAY_DATA", null), ("RELAY_TOKEN", null), (variable, folder.Path)];
        await using RelayProcess server = RelayProcess.StartWith(environment, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        string edge = await server.WaitForAsync(@"edge 1\s+(\S+)");
        await server.WaitForAsync("Stop with");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, expected)));

        await using RelayProcess chat = RelayProcess.StartWith(environment, "chat", "lobby", "--edge", edge, "--quiet");
        await chat.Input.WriteAsync("hello\n");
        chat.Input.Close();
        Assert.True(await chat.WaitForExitAsync() == 0, chat.Printed);
    }

    [Fact]
    public async Task Count_LinesThatWerePipedIn_ArePrintedAndCount()
    {
        await using RelayProcess chat = RelayProcess.StartPiped([.. relay.Arguments("counted", "alice"), "--count", "2"]);
        await chat.Input.WriteAsync("one\ntwo\n");
        chat.Input.Close();
        using var output = new StreamReader(chat.Output);
        Assert.Equal("one\ntwo\n", await output.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await chat.WaitForExitAsync());
    }

    [Fact]
    public async Task Listen_RelayRestarted_TellsThatItIsLostAndThatItIsBack()
    {
        using var folder = new TemporaryFolder();
        int port = RedisServer.FindFreePort();
        string[] serve = ["--data", folder.Path, "--listen", $"127.0.0.1:{port}", "--http", "127.0.0.1:0"];
        RelayProcess first = RelayProcess.Start(serve);
        await first.WaitForAsync("Stop with");
        await using RelayProcess chat = RelayProcess.Start(
            "chat", "lobby", "--user", "alice", "--data", folder.Path, "--edge", $"127.0.0.1:{port}", "--count", "1");
        await chat.WaitForAsync("connected to");
        long killed = Stopwatch.GetTimestamp();
        await first.KillAsync();
        await first.DisposeAsync();
        await chat.WaitForAsync("connection lost: .*reconnecting");
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, Soon);

        await using RelayProcess second = RelayProcess.Start(serve);
        await chat.WaitForAsync("connected again to");
        await using RelayProcess other = RelayProcess.Start(
            "chat", "lobby", "--user", "bob", "--data", folder.Path, "--edge", $"127.0.0.1:{port}");
        await other.Input.WriteAsync("still there?\n");
        other.Input.Close();
        await chat.WaitForAsync("^still there\\?$");
        Assert.Equal(0, await chat.WaitForExitAsync());
        Assert.DoesNotContain("TokenInvalid", chat.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_LinesThatLookLikeCommands_AreMessages()
    {
        string[] lines = ["/merge", "//x", "<3", "/quit", "/"];
        await using RelayProcess listener = RelayProcess.StartPiped([.. relay.Arguments("slashes", "bob"), "--from-start", "--count", "5"]);
        await relay.PublishAsync("slashes", "alice", lines);
        using var output = new StreamReader(listener.Output);
        Assert.Equal(string.Concat(lines.Select(line => line + "\n")), await output.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await listener.WaitForExitAsync());
    }

    [Fact]
    public async Task Commands_InAPipe_AreDoneInTheirPlace()
    {
        await using RelayProcess chat = RelayProcess.Start([.. relay.Arguments("script", "anna"), "--commands", "--echo"]);
        await chat.Input.WriteAsync("/create Spring sale\n/live\n//hello\n/notice free shipping\n/end\n/quit\nnever\n");
        Assert.True(await chat.WaitForExitAsync() == 0, chat.Printed);
        Assert.Contains("published 1, acked 1", chat.Printed, StringComparison.Ordinal);

        await using RelayProcess later = RelayProcess.Start([.. relay.Arguments("script", "anna"), "--from-start", "--json"]);
        later.Input.Close();
        Assert.Equal(0, await later.WaitForExitAsync());
        string[] expected = ["\"change\":\"create\"", "\"change\":\"start\"", "\"text\":\"//hello\"", "\"change\":\"notice\"", "\"change\":\"end\""];
        int at = -1;
        Assert.All(expected, part => Assert.True((at = later.Printed.IndexOf(part, at + 1, StringComparison.Ordinal)) >= 0, $"{part} is not in its place:\n{later.Printed}"));
    }

    [Theory]
    [InlineData("hi\n/mrge\n", 4, "line 2: there is no command /mrge; did you mean /merge?")]
    [InlineData("hi\n/merge\n", 5, "line 2 was refused: you are member here, and this is for a moderator or above")]
    public async Task Commands_WrongOrRefusedInAPipe_EndItWithTheLine(string input, int exitCode, string expected)
    {
        await using RelayProcess chat = RelayProcess.Start([.. relay.Arguments("wrong", "bob"), "--commands"]);
        await chat.Input.WriteAsync(input);
        chat.Input.Close();
        Assert.Equal(exitCode, await chat.WaitForExitAsync());
        Assert.Contains(expected, chat.Printed, StringComparison.Ordinal);
        Assert.Contains("published 1, acked 1", chat.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TokenRefused_IsToldOnce()
    {
        await using RelayProcess chat = RelayProcess.Start(["chat", "lobby", "--token", "not.a.token", .. relay.ConnectArguments]);
        Assert.Equal(3, await chat.WaitForExitAsync());
        Assert.Single(chat.Printed.Split('\n'), line => line.Length > 0);
    }
}
