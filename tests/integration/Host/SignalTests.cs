using System.Diagnostics;
using System.Globalization;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>What a process does when it is told to end.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_RunningRelay_StopsEverythingInOrderAndExitsWithZero(string signal)
    {
        await using RelayProcess relay = await StartAsync();

        await SendAsync(relay, signal);

        Assert.True(await relay.WaitForExitAsync() == ExitCode.Done, relay.Printed);
        string[] order = ["Asked to stop", "Stopping credentials", "Stopping edge-", "Stopping master", "Stopping fabric", "Stopping data folder", "Stopping http", "Stopped"];
        int[] places = [.. order.Select(text => relay.Printed.IndexOf(text, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task Signal_InterruptedTwice_EndsAtOnce()
    {
        await using RelayProcess relay = await StartAsync("--set", "Edge:DrainMilliseconds=500000", "--set", "Shutdown:TimeoutSeconds=600");
        using var client = new System.Net.Sockets.TcpClient();
        string edge = await relay.WaitForAsync(@"edge 1 +127\.0\.0\.1:(\d+)");
        await client.ConnectAsync("127.0.0.1", int.Parse(edge, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);

        await SendAsync(relay, "INT");
        await relay.WaitForAsync("Stopping: sessions are asked to move");
        await SendAsync(relay, "INT");

        Assert.Equal(ExitCode.Failed, await relay.WaitForExitAsync());
    }

    private static async Task SendAsync(RelayProcess relay, string signal)
    {
        using Process kill = Process.Start(RequiredProgram.Find("kill"), [$"-{signal}", relay.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<RelayProcess> StartAsync(params string[] more)
    {
        RelayProcess relay = RelayProcess.Start(
            ["--data", _folder.File("data"), "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", "Log:Level=Debug", .. more]);
        await relay.WaitForAsync("(Stop with Ctrl)");
        return relay;
    }
}
