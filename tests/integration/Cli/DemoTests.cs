using RelayServer.IntegrationTests.Processes;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>The demonstration, watched as newcomers watch it.</summary>
public sealed class DemoTests(ChatRelay relay) : IClassFixture<ChatRelay>
{
    [Fact]
    public async Task Live_Played_IsSeenFromItsBeginningToItsEnd()
    {
        await using RelayProcess you = RelayProcess.Start([.. relay.Arguments("stage", "you"), "--listen"]);
        you.Input.Close();
        await you.WaitForAsync("connected to");
        await using RelayProcess other = RelayProcess.Start([.. relay.OtherArguments("stage", "other"), "--listen", "--json"]);
        other.Input.Close();
        await other.WaitForAsync("connected to");
        await using RelayProcess demo = RelayProcess.Start(
            ["demo", "live", "--room", "stage", "--seconds", "10", "--viewers", "12", "--seed", "3", .. relay.ConnectArguments, "--edge", relay.OtherEdge]);
        Assert.Equal(relay.OtherEdge, await demo.WaitForAsync("chat stage --user op --edge (\\S+) --data \\S+ --role operator --observe"));
        await you.WaitForAsync("the room is live");
        await you.WaitForAsync("on offer: Blue mug, 12\\.90 EUR, 40 left");
        await you.WaitForAsync("the room is split into 2 groups; you are in group [12] of 2");
        await you.WaitForAsync("the room is together again");
        await you.WaitForAsync("the room has ended");
        await other.WaitForAsync("\"event\":\"reactions\".*\"reactions\":\\{\"0\":[1-9]");
        await other.WaitForAsync("\"event\":\"change\".*\"change\":\"product\".*\"title\":\"Blue mug\"");
        await other.WaitForAsync("\"event\":\"split\".*\"begins\":true.*\"mode\":\"groups\"");
        await other.WaitForAsync("\"event\":\"split\".*\"begins\":true.*\"mode\":\"whole\"");
        Assert.Equal(0, await demo.WaitForExitAsync());
        Assert.Contains("played:", demo.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", demo.Printed, StringComparison.Ordinal);

        await using RelayProcess again = RelayProcess.Start(["demo", "live", "--room", "stage", "--seconds", "10", .. relay.ConnectArguments]);
        Assert.Equal(5, await again.WaitForExitAsync());
        Assert.Contains("stage: there is a room of this name", again.Printed, StringComparison.Ordinal);
    }
}
