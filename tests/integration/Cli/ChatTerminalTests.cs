using System.Text.RegularExpressions;
using RelayServer.IntegrationTests.Processes;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>The chat as its users sit at it: the program at a real terminal.</summary>
public sealed class ChatTerminalTests(ChatRelay relay) : IClassFixture<ChatRelay>
{
    private const string EmptyPrompt = ">";

    [Theory]
    [InlineData("\u0004")]
    [InlineData("\u0003")]
    [InlineData("/quit\r")]
    [InlineData("half a line\u0003")]
    public async Task Start_ThenLeave_ShowsTheHistoryAndGivesTheTerminalBackAsItWas(string keys)
    {
        await relay.PublishAsync("leaving", "zoë", "hello", "how are you?");
        await using TerminalProcess terminal = TerminalProcess.Start(
            $"trap : INT; stty -g | cksum; {Chat("leaving")}; echo \"exit $?\"; stty -g | cksum");
        await AtThePromptAsync(terminal);
        TerminalScreen screen = await terminal.UntilRowAsync(" zoë: how are you?");
        int last = Array.FindIndex(screen.Rows, row => row.EndsWith(" zoë: how are you?", StringComparison.Ordinal));
        Assert.Matches("^[0-9]{2}:[0-9]{2} zoë: how are you\\?$", screen.Rows[last]);
        Assert.EndsWith(" zoë: hello", screen.Rows[last - 1], StringComparison.Ordinal);
        await terminal.UntilAsync(shown => shown.Rows[^1] == EmptyPrompt && shown.Column == 2);

        await terminal.TypeAsync(keys);
        screen = await terminal.UntilEndAsync();
        string[] rows = screen.Rows;
        Assert.Equal("exit 0", rows[^3]);
        Assert.Equal(rows[0], rows[^2]);
        Assert.EndsWith(" zoë: how are you?", rows[last], StringComparison.Ordinal);
        Assert.True(
            terminal.Written.LastIndexOf("\u001b[?1l", StringComparison.Ordinal) > terminal.Written.LastIndexOf("\u001b[?1h", StringComparison.Ordinal),
            "the cursor keys were left in the mode for programs");
        Assert.Empty(screen.Strange);
    }

    [Fact]
    public async Task Line_Typed_AppearsInAnotherChatAndAboveThePrompt()
    {
        await using RelayProcess other = RelayProcess.Start([.. relay.Arguments("typing", "bob"), "--count", "1"]);
        await other.WaitForAsync("connected to");
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("typing"));
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("heelo 채팅 🛒\u001b[D\u001b[D\u001b[D\u001b[D\u001b[D\u001b[D\u001b[D\u007f\u001b[F!\r");
        TerminalScreen screen = await terminal.UntilRowAsync(" alice: helo 채팅 🛒!");
        Assert.Equal(EmptyPrompt, screen.Rows[^1]);
        await other.WaitForAsync("^helo 채팅 🛒!$");
        Assert.Equal(0, await other.WaitForExitAsync());
    }

    [Fact]
    public async Task Message_WhileALineIsTyped_LeavesTheLineAndItsCursor()
    {
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("busy"));
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("half line\u001b[D\u001b[D\u001b[D\u001b[D");
        await terminal.UntilAsync(screen => screen.Rows[^1] == "> half line" && screen.Column == 7);
        await relay.PublishAsync("busy", "zoë", "first", "second");
        TerminalScreen shown = await terminal.UntilAsync(
            screen => screen.Column == 7 && screen.Rows[^1] == "> half line" && screen.Rows.Any(row => row.EndsWith(" zoë: second", StringComparison.Ordinal)));
        int second = Array.FindIndex(shown.Rows, row => row.EndsWith(" zoë: second", StringComparison.Ordinal));
        Assert.EndsWith(" zoë: first", shown.Rows[second - 1], StringComparison.Ordinal);
        await terminal.TypeAsync("a \r");
        await terminal.UntilRowAsync(" alice: half a line");
    }

    [Theory]
    [InlineData("채")]
    [InlineData("🛒")]
    [InlineData("x")]
    public async Task Line_LongerThanARow_StaysInOneRow(string letter)
    {
        string line = string.Concat(Enumerable.Repeat(letter, 120)) + "end";
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("long"));
        int rows = (await AtThePromptAsync(terminal)).Rows.Length;
        await terminal.TypeAsync(line);
        TerminalScreen screen = await terminal.UntilAsync(shown => shown.Rows[^1].EndsWith($"{letter}end", StringComparison.Ordinal));
        Assert.Equal(rows, screen.Rows.Length);
        await terminal.TypeAsync("\u0001");
        await terminal.UntilAsync(shown => shown.Rows[^1].StartsWith($"> {letter}", StringComparison.Ordinal) && shown.Column == 2);
        await terminal.TypeAsync("\u0015\u0005\u0015/frobnicate\r");
        screen = await terminal.UntilRowAsync("-- there is no command /frobnicate; /help lists them, // says it as it is");
        Assert.Equal(rows + 1, screen.Rows.Length);
    }

    [Fact]
    public async Task Message_WithTerminalSequences_CannotReachTheTerminal()
    {
        await relay.PublishAsync(
            "hostile",
            "mallory",
            "\u001b]0;title\a \u001b[2J\u001b[1;1H \u009b31m \u0090q\u009c \b\b\r \u202e\u2066\u200f \u001b[6n \0 \u001bc end",
            "[red]not markup[/] [/]");
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("hostile"));
        await AtThePromptAsync(terminal);
        TerminalScreen screen = await terminal.UntilRowAsync("mallory: [red]not markup[/] [/]");
        Assert.Empty(screen.Strange);
        Assert.Contains(screen.Rows, row => row.Contains("mallory: \ufffd]0;title\ufffd \ufffd[2J", StringComparison.Ordinal));
        Assert.DoesNotContain('\u202e', terminal.Written);
        Assert.DoesNotContain("\u001b[31m", terminal.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_AtATerminal_LeavesTheLineAndEscapesTheRest()
    {
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("json") + " --json");
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("half");
        await terminal.UntilAsync(shown => shown.Rows[^1] == "> half");
        await relay.PublishAsync("json", "zoë", "a \u001b[2J \u009b2J b");
        TerminalScreen screen = await terminal.UntilAsync(shown => shown.Rows[^1] == "> half" && shown.Rows.Any(row => row.Contains("\"from\":\"zoë\"", StringComparison.Ordinal)));
        Assert.Empty(screen.Strange);
    }

    [Theory]
    [InlineData("NO_COLOR", "1", false)]
    [InlineData("OTHER", "1", true)]
    public async Task Color_OnATerminal_IsThereUnlessNoColorIsSet(string name, string value, bool expected)
    {
        await relay.PublishAsync("color", "zoë", "hello");
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("color"), (name, value));
        await AtThePromptAsync(terminal);
        TerminalScreen screen = await terminal.UntilRowAsync(" zoë: hello");
        Assert.Equal(expected, screen.Looks.Any(look => Regex.IsMatch(look, @"\b(3[0-8]|9[0-7])\b")));
    }

    [Fact]
    public async Task Commands_HelpAndADoubleSlash_DoWhatTheySay()
    {
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("commands"));
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("/help\r");
        await terminal.UntilRowAsync(" (member): /notice, /product, /stock, /sold,");
        await terminal.TypeAsync("//shrug\r");
        await terminal.UntilRowAsync(" alice: //shrug");
    }

    [Fact]
    public async Task Commands_OfAnOperator_ChangeTheRoomForEverybody()
    {
        await using RelayProcess bob = RelayProcess.Start([.. relay.Arguments("stage", "bob"), "--listen"]);
        await bob.WaitForAsync("connected to");
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("stage") + " --role operator --observe");
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("/create Spring sale\n/live\n");
        await terminal.UntilRowAsync("-- the room is live");
        await terminal.TypeAsync("/product mug 12.90 EUR 3 Blue mug\r/sold mug 2 bob\r");
        await terminal.UntilRowAsync("-- Blue mug: 1 left");
        await terminal.TypeAsync("/split groups 2\r");
        await terminal.UntilRowAsync("-- the room is split into 2 groups; you see all of them");
        await terminal.TypeAsync("hello all\r");
        await bob.WaitForAsync("^hello all$");
        TerminalScreen screen = await terminal.UntilRowAsync(" alice: hello all");
        Assert.Single(screen.Rows, row => Regex.IsMatch(row, @"^\[all\] [0-9:]{5} alice: hello all$"));
        await terminal.TypeAsync("/split groups 2\r");
        await terminal.UntilRowAsync("-- not done: /split groups 2 (the room is split; merge it first (3021 Conflict))");
        await terminal.TypeAsync("/merge\r/mute bob 1h loud\r<3\r");
        await terminal.UntilRowAsync("-- bob was muted for 1h by alice: loud");
        await terminal.TypeAsync("/bans\r");
        await terminal.UntilAsync(shown => shown.Rows.Any(row => Regex.IsMatch(row, "-- bob +muted +[0-9-]+ [0-9:]+ +operator +loud$")));
        await terminal.UntilAsync(shown => shown.Rows.Any(row => row.StartsWith("-- \u2665 1", StringComparison.Ordinal)));
        await bob.WaitForAsync("you were muted for 1h by alice: loud");
        await bob.Input.WriteAsync("may I?\n");
        bob.Input.Close();
        await bob.WaitForAsync("line 1 was refused: .*muted");
    }

    [Fact]
    public async Task Line_ForAService_IsAnsweredWithACardThatALineCanName()
    {
        await relay.UntilServedAsync();
        await using RelayProcess bob = RelayProcess.Start([.. relay.Arguments("square", "bob"), "--commands", "--listen"]);
        await bob.WaitForAsync("connected to");
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("square"));
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("/news like\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("-- news: there is no card of news in this window to like", StringComparison.Ordinal));
        await terminal.TypeAsync("/news search ferry\r");
        await terminal.UntilRowAsync("-- news: #1 New ferry starts on Monday");
        await terminal.UntilAsync(shown => string.Join(' ', shown.Rows.Select(row => row.TrimEnd())).Contains(
            "   /news like #1 \u00b7 /news comment #1 TEXT \u00b7 /news share #1 ROOM \u00b7 /news subscribe headlines", StringComparison.Ordinal));
        await terminal.TypeAsync("/news comment #1 at last\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("-- news: the room square has not let news in", StringComparison.Ordinal));
        await terminal.TypeAsync("/invite news\r/news comment at last\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("-- alice (news): commented on \u201cNew ferry starts on Monday\u201d: at last", StringComparison.Ordinal));
        await bob.WaitForAsync("relay chat: alice \\(news\\): .*at last");
        TerminalScreen screen = await terminal.UntilAsync(shown => shown.Rows[^1] == EmptyPrompt);
        Assert.Empty(screen.Strange);
    }

    [Fact]
    public async Task Commands_OfAMember_AreRefusedInWordsThatSayWhoMay()
    {
        await using TerminalProcess terminal = TerminalProcess.Start(Chat("humble"));
        await AtThePromptAsync(terminal);
        await terminal.TypeAsync("/merge\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("not done: /merge (you are member here, and this is for a moderator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_ToAPipe_KeepsThePromptOnTheTerminal()
    {
        await using TerminalProcess terminal = TerminalProcess.Start($"{Chat("piped")} --echo | sed -u 's/^/piped: /'");
        await terminal.UntilAsync(shown => shown.Rows[^1] == EmptyPrompt);
        await terminal.TypeAsync("hello\r");
        await terminal.UntilAsync(screen => screen.Rows.Any(row => row.EndsWith("piped: hello", StringComparison.Ordinal)));
    }

    private static async Task<TerminalScreen> AtThePromptAsync(TerminalProcess terminal)
    {
        await terminal.UntilRowAsync("Ctrl-D leaves");
        return await terminal.UntilAsync(screen => screen.Rows[^1] == EmptyPrompt);
    }

    private string Chat(string room) =>
        string.Join(' ', [Path.Combine(AppContext.BaseDirectory, "relay"), .. relay.Arguments(room, "alice")]);
}
