using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Client;

/// <summary>The example in the client's README compiles, runs, and is the one that stands there.</summary>
public sealed class ReadmeExampleTests
{
    [Fact]
    public async Task Example_AgainstAnEdge_DoesWhatItSays()
    {
        await using var edge = new ScriptedEdge();
        await using var output = new StringWriter { NewLine = "\n" };
        Task running = RunAsync(edge.Endpoint.ToString(), "token", output, TestContext.Current.CancellationToken);
        ScriptedSession session = await edge.AcceptReadyAsync();
        Assert.Equal(50U, (await session.GrantJoinAsync(6, 6)).Join().Last);
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await session.DeliverAsync("lobby", 7, "hi");
        await session.GapAsync("lobby", 7, 9, GapReason.Skipped);
        await session.DeliverAsync("lobby", 10, "bye");
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        await running.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal("logged at 101\nalice: hi\n2 messages are gone (Skipped)\nalice: bye\n", output.ToString());
    }

    [Fact]
    public async Task Example_InTheReadme_IsThisOne()
    {
        string readme = await File.ReadAllTextAsync(ProtocolFolder.PathOf("src/RelayServer.Client/README.md"));
        string code = await File.ReadAllTextAsync(ProtocolFolder.PathOf("tests/integration/Client/ReadmeExampleTests.cs"));
        Assert.Equal(Between(readme, "```csharp\n", "```"), Between(code, "// The example begins.\n", "// The example ends."));
    }

    private static async Task RunAsync(string edgeAddress, string token, TextWriter output, CancellationToken cancellationToken)
    {
        // The example begins.
        await using var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [RelayEndpoint.Parse(edgeAddress)],
            TokenProvider = _ => ValueTask.FromResult(token),
        });
        await client.ConnectAsync(cancellationToken);

        RelaySubscription lobby = await client.JoinAsync("lobby", JoinFrom.Last(50), cancellationToken);
        Position position = await client.PublishAsync("lobby", "hello", cancellationToken);
        await output.WriteLineAsync($"logged at {position.Seq}");

        await foreach (RelayEvent next in lobby.WithCancellation(cancellationToken))
        {
            switch (next)
            {
                case RelayMessage message:
                    await output.WriteLineAsync($"{message.From}: {message.Text}");
                    break;
                case RelayGap gap:
                    await output.WriteLineAsync($"{gap.MessageCount} messages are gone ({gap.Reason})");
                    break;
            }

            if (next is RelayMessage { Text: "bye" })
            {
                break;
            }
        }

        await lobby.LeaveAsync(cancellationToken);

        // The example ends.
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.LastIndexOf(start, text.IndexOf("await using var client", StringComparison.Ordinal), StringComparison.Ordinal) + start.Length;
        string part = text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
        return string.Join('\n', part.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }
}
