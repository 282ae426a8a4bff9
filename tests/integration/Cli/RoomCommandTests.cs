using System.Text.Json;
using RelayServer.Cli;
using RelayServer.Cli.Connections;
using RelayServer.IntegrationTests.Processes;

namespace RelayServer.IntegrationTests.Cli;

/// <summary><c>relay room</c> against a running relay, with people in the room.</summary>
public sealed class RoomCommandTests(ChatRelay relay) : IClassFixture<ChatRelay>
{
    [Fact]
    public async Task Room_FromItsCreationToItsEnd_IsAsTheCommandsSay()
    {
        Assert.Equal("show: the room was created: Spring sale\n", await DoneAsync("create", "show", "--title", "Spring sale", "--description", "All of it"));
        Assert.Equal("show: the room is live\n", await DoneAsync("start", "show"));
        Assert.Equal("show: settings now: slow_mode_ms=2s, links_refused=on\n", await DoneAsync("set", "show", "slow_mode_ms=2s", "links_refused=on"));
        Assert.Equal("show: pinned: free shipping\n", await DoneAsync("notice", "show", "free shipping"));
        Assert.Equal(
            "show: on offer: Blue mug, 12.90 EUR, 40 left [mug]\n",
            await DoneAsync("product", "show", "mug", "--title", "Blue mug", "--price", "12.90", "--currency", "EUR", "--stock", "40"));
        Assert.Equal("show: on offer: Blue mug, 12.90 EUR, 39 left [mug]\n", await DoneAsync("product", "show", "mug", "--stock", "39"));
        Assert.Equal("show: zoë bought 1 \u00d7 mug\n", await DoneAsync("sold", "show", "mug", "--buyer", "zoë"));
        Assert.Equal("show: bob is moderator now\n", await DoneAsync("appoint", "show", "bob", "moderator"));

        string status = await DoneAsync("status", "show");
        Assert.StartsWith("show: live\n  title       Spring sale\n  about       All of it\n  owner       operator\n", status, StringComparison.Ordinal);
        Assert.Contains("  settings    slow_mode_ms=2s\n              links_refused=on\n  notice      free shipping\n", status, StringComparison.Ordinal);
        Assert.Contains("Blue mug, 12.90 EUR, 39 left [mug]", status, StringComparison.Ordinal);
        Assert.Contains("show", await DoneAsync("list", "--search", "spring", "--state", "live"), StringComparison.Ordinal);

        Assert.Equal("show: the room has ended\n", await DoneAsync("end", "show"));
        await RefusedAsync("the room has ended (3021 Conflict); 'relay room status show' shows how it is", "start", "show");
        Assert.Equal("No such room; listed are those that somebody created.\n", await DoneAsync("list", "--search", "spring", "--state", "live"));
    }

    [Fact]
    public async Task Split_MembersInTheRoom_IsShownWithItsSizes()
    {
        await using RelayProcess alice = await ListenAsync("crowd", "alice");
        await using RelayProcess bob = await ListenAsync("crowd", "bob");
        await UntilMembersAsync("crowd", 2);
        await RefusedAsync("split: groups must be at most the room's members", "split", "crowd", "--mode", "groups", "--groups", "9");
        Assert.Equal("crowd: split into 2 groups, 1 person each\n", await DoneAsync("split", "crowd", "--mode", "groups", "--groups", "2"));
        await alice.WaitForAsync("the room is split into 2 groups; you are in group [12] of 2 \\(about 1 person\\)");
        await bob.WaitForAsync("the room is split into 2 groups");
        await RefusedAsync("the room is split; merge it first", "split", "crowd", "--mode", "edge");

        await RefusedAsync("the room is split; merge it first", "split", "crowd", "--mode", "groups", "--groups", "2");
        using JsonDocument status = JsonDocument.Parse(await DoneAsync("status", "crowd", "--json"));
        Assert.Equal("groups", status.RootElement.GetProperty("mode").GetString());
        Assert.Equal([1, 1], status.RootElement.GetProperty("partitions").EnumerateArray().Select(part => part.GetProperty("members").GetInt32()));

        Assert.StartsWith("crowd: together", await DoneAsync("merge", "crowd"), StringComparison.Ordinal);
        await alice.WaitForAsync("the room is together again");
        await RefusedAsync("the room is not split", "merge", "crowd");
        Assert.Equal("crowd: from now on the room splits and merges by itself\n", await DoneAsync("split", "crowd", "--mode", "auto"));
    }

    [Fact]
    public async Task Split_RoomThatNobodyCreatedOrIsIn_IsDoneWithAWordThatItMayBeMistyped()
    {
        (int exitCode, string output, string error) = await RunAsync(["split", "crwd", "--mode", "edge"]);
        Assert.Equal(ClientExitCode.Done, exitCode);
        Assert.StartsWith("crwd: split over 1 edge", output, StringComparison.Ordinal);
        Assert.Contains("nobody has created 'crwd' and nobody is in it", error, StringComparison.Ordinal);
        Assert.Contains("'relay room merge crwd' undoes this", error, StringComparison.Ordinal);

        await DoneAsync("create", "made", "--title", "Made");
        (_, _, error) = await RunAsync(["split", "made", "--mode", "edge"]);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Ban_MemberInTheRoom_IsOutAndToldWhy()
    {
        await using RelayProcess bob = await ListenAsync("strict", "bob");
        await UntilMembersAsync("strict", 1);
        Assert.Equal("strict: bob was banned for 10m: spam\n", await DoneAsync("ban", "strict", "bob", "--for", "10m", "--reason", "spam"));
        await bob.WaitForAsync("you are banned from this room for (9|10) minutes more: spam \\(3016 Banned\\)");
        await RefusedAsync("minutes more: spam", "status", "strict", "--user", "bob", "--role", "member");
        Assert.Equal(ClientExitCode.Refused, await bob.WaitForExitAsync());
        Assert.Contains("bob   banned", await DoneAsync("bans", "strict"), StringComparison.Ordinal);
        using JsonDocument banned = JsonDocument.Parse(await DoneAsync("bans", "strict", "--json"));
        Assert.Equal(
            ("strict", "bob", "ban", "operator", "spam"),
            (Text("room"), Text("user"), Text("restriction"), Text("by_role"), Text("reason")));
        Assert.InRange(banned.RootElement.GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        await RefusedAsync("3009 Forbidden", "bans", "strict", "--user", "eve", "--role", "member");
        Assert.Equal("strict: bob may come in again\n", await DoneAsync("unban", "strict", "bob"));
        Assert.Equal("strict: nobody is muted or banned\n", await DoneAsync("bans", "strict"));
        await RefusedAsync("there is nothing to lift", "unban", "strict", "bob");

        string? Text(string name) => banned.RootElement.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Merge_ByAMember_IsRefusedAndSaysWhoMay() =>
        await RefusedAsync("'relay room' is an operator", "merge", "any", "--user", "bob", "--role", "member");

    [Fact]
    public async Task Mute_Json_IsAnObjectWithItsPlace()
    {
        using JsonDocument done = JsonDocument.Parse(await DoneAsync("mute", "quiet", "bob", "--for", "1h", "--json"));
        Assert.Equal("mute", done.RootElement.GetProperty("change").GetString());
        Assert.Equal(3600, done.RootElement.GetProperty("seconds").GetInt32());
        Assert.True(done.RootElement.GetProperty("seq").GetInt64() > 0);
    }

    private async Task<RelayProcess> ListenAsync(string room, string user)
    {
        RelayProcess chat = RelayProcess.Start([.. relay.Arguments(room, user), "--listen"]);
        chat.Input.Close();
        await chat.WaitForAsync("connected to");
        return chat;
    }

    private async Task UntilMembersAsync(string room, int members)
    {
        string shown;
        do
        {
            shown = await DoneAsync("members", room);
        }
        while (!shown.StartsWith($"{room}: {members} member", StringComparison.Ordinal));
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.True(exitCode == ClientExitCode.Done, $"{string.Join(' ', arguments)}: {exitCode}: {error}");
        return output;
    }

    private async Task RefusedAsync(string expected, params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal((ClientExitCode.Refused, ""), (exitCode, output));
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await RelayCommandLine.RunAsync(
            ["room", .. arguments, .. relay.ConnectArguments], output, error, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
