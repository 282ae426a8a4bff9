using RelayServer.Cli;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;

namespace RelayServer.UnitTests.Cli;

/// <summary>What <c>relay room</c> and <c>relay demo</c> answer before they connect to anything.</summary>
public sealed class RoomCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("room split", "'--mode' is required")]
    [InlineData("room split a --mode frob", "--mode frob: expected edge, groups or auto")]
    [InlineData("room split a --mode groups", "--mode groups wants to know how many: --groups K")]
    [InlineData("room split a --mode groups --groups 1", "--groups takes 2 to 128, not '1'")]
    [InlineData("room split a --mode groups --groups many", "--groups takes 2 to 128, not 'many'")]
    [InlineData("room split a --mode edge --groups 4", "--groups goes with --mode groups, not with --mode edge")]
    [InlineData("room splt a", "unknown command 'splt'; did you mean 'split'?")]
    [InlineData("room merge bad/name", "'bad/name' cannot name a room")]
    [InlineData("room mute a bob --for 3", "--for 3: expected 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("room ban a", "name a user or a range of addresses: USER or --address CIDR")]
    [InlineData("room ban a bob --address 203.0.113.0/24", "name a user or a range of addresses")]
    [InlineData("room ban a --address 10.0.0.0/4", "ban_address: range must be an address range such as 203.0.113.0/24")]
    [InlineData("room set a", "Required argument 'NAME=VALUE' missing")]
    [InlineData("room set a slow_mod=2", "did you mean 'slow_mode_ms'?")]
    [InlineData("room set a slow_mode_ms=2h", "slow_mode_ms takes 0 to 3600000 ms (1h), not '2h'")]
    [InlineData("room set a frozen=maybe", "frozen takes on or off, not 'maybe'")]
    [InlineData("room set a speakers=me", "speakers takes everyone, appointed or hosts, not 'me'")]
    [InlineData("room set a frozen=on frozen=off", "set: frozen is there twice")]
    [InlineData("room appoint a bob king", "'king' is no role that a room gives")]
    [InlineData("room appoint a bob operator", "'operator' is no role that a room gives")]
    [InlineData("room create a", "'--title' is required")]
    [InlineData("room create a --title x --starts soon", "--starts soon: expected 2026-05-01T18:00")]
    [InlineData("room list --state frozen", "--state frozen: expected scheduled, live, ended\n")]
    [InlineData("room list --state open", "an open room is one that nobody created, and those are not listed")]
    [InlineData("room list --max 0", "--max takes 1 or more")]
    [InlineData("room status a --role king", "--role king: expected viewer, member, service or operator")]
    [InlineData("room status a --role member --token t", "--role goes with --user")]
    [InlineData("room sold a mug --quantity 0", "purchase: quantity must be 1 to 1000000")]
    [InlineData("chat a --role operator", "--role goes with --user")]
    [InlineData("demo live --viewers 1", "'1' is not a number from 2 to 500, which --viewers takes")]
    [InlineData("demo live --seconds x", "'x' is not a number from 10 to 3600, which --seconds takes")]
    [InlineData("demo live --edge nowhere", "'nowhere' is not host:port")]
    public async Task RunAsync_WrongUsage_SaysWhat(string line, string expected)
    {
        int exitCode = await RunAsync([.. line.Split(' '), "--data", "/nonexistent"]);
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_OptionBeforeTheRoomMistyped_NamesTheOptionOnly()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("chat", "--bogus", "lobby"));
        Assert.Equal("relay: unknown option '--bogus'\nTry 'relay chat --help'.\n", _error.ToString());
    }

    [Fact]
    public async Task RunAsync_WordsAfterTwoDashes_AreArguments()
    {
        Assert.Equal(ClientExitCode.Connection, await RunAsync("room", "notice", "a", "--data", "/nonexistent", "--", "--free--"));
        Assert.DoesNotContain("unknown", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("room", "status", "a")]
    [InlineData("room", "status", "a", "--user", "bob")]
    [InlineData("demo", "live")]
    [InlineData("token", "--user", "bob")]
    public async Task RunAsync_NoRelay_SaysHowToGetOneAndExitsAsWithoutAConnection(params string[] arguments)
    {
        Assert.Equal(ClientExitCode.Connection, await RunAsync([.. arguments, "--data", "/nonexistent"]));
        Assert.Contains("no relay runs on the data folder /nonexistent; start one with 'relay' or name its folder with --data DIR", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("room split --help", "relay room split sale --mode groups --groups 8")]
    [InlineData("room set --help", "slow_mode_ms: 0 to 3600000 ms (1h) [default: 0]\n      how long a member waits")]
    [InlineData("room --help", "Exit codes:")]
    [InlineData("chat --help", "Exit codes:")]
    [InlineData("demo live --help", "relay demo live --seconds 180")]
    public async Task RunAsync_Help_HasExamplesAndWhatElseThereIsToKnow(string line, string expected)
    {
        Assert.Equal(ExitCode.Done, await RunAsync(line.Split(' ')));
        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData("room", "  split <ROOM>", "relay: 'relay room' does nothing by itself; name one of its commands, as in 'relay room status --help'\n")]
    [InlineData("demo", "  live  Play a broadcast", "relay: 'relay demo' does nothing by itself; name one of its commands, as in 'relay demo live --help'\n")]
    public async Task RunAsync_CommandThatNeedsAnother_ShowsItsHelpAsAnError(string line, string expected, string end)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(end, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_HelpOfTheProgram_HasOneLineForEachCommand()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("--help"));
        Assert.DoesNotContain("Ctrl-D", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Talk in a room", _output.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        RelayCommandLine.RunAsync(arguments, _output, _error, TestContext.Current.CancellationToken);
}
