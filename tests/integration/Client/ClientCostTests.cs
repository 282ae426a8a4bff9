using System.Diagnostics;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>
/// What the client costs, over a loopback socket with the edge's end in the same process. Only bytes are asserted; for
/// times run <c>-explicit only -showLiveOutput</c> on a quiet machine.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ClientCostTests
{
    private const int PayloadBytes = 128;

    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 64)]
    [InlineData(1, 1024)]
    public async Task PublishAsync_Throughput_IsPrinted(int publishers, int underWay)
    {
        await using var edge = new ScriptedEdge { Welcome = new ScriptedWelcome { PublishWindowMessages = 4096 } };
        (RelayClient client, ScriptedSession session) = await edge.ConnectAsync();
        Task<RelaySubscription> joining = client.JoinAsync("lobby");
        await session.GrantJoinAsync();
        await joining;
        Task acking = new AckingEdge(session, "lobby").RunAsync();
        await PublishManyAsync(client, publishers, underWay, 40_000);

        const int messages = 200_000;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        await PublishManyAsync(client, publishers, underWay, messages);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Print($"{publishers} publishers, {underWay} under way each: {messages / seconds:0} acked/s, "
            + $"{cpuSeconds / messages * 1e6:0.00} CPU us and {(double)allocated / messages:0.0} bytes a publish, both ends");
        await client.DisposeAsync();
        await session.DisposeAsync();
        await acking;
    }

    [Fact]
    public async Task Read_PerMessage_AllocatesTheMessageAndItsShareOfTheBatch()
    {
        const int batches = 300;
        const int perBatch = 200;
        await using var edge = new ScriptedEdge();
        (RelayClient client, ScriptedSession session) = await edge.ConnectAsync();
        Task<RelaySubscription> joining = client.JoinAsync("lobby");
        await session.GrantJoinAsync();
        RelaySubscription subscription = await joining;
        string[] texts = [.. Enumerable.Repeat(new string('x', PayloadBytes), perBatch)];
        byte[][] bodies = [.. Enumerable.Range(0, batches).Select(
            i => ScriptedBodies.Deliver("lobby", new Position(0, 0, 1, ((ulong)i * perBatch) + 1), 7, texts))];
        long bodyBytes = bodies.Sum(body => (long)body.Length);

        using var deadline = new CancellationTokenSource(ScriptedSession.Deadline);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        Task sending = Task.Run(async () =>
        {
            foreach (byte[] body in bodies)
            {
                await session.SendAsync(FrameType.Deliver, body);
            }
        });
        int received = 0;
        await foreach (RelayEvent _ in subscription.WithCancellation(deadline.Token))
        {
            if (++received == batches * perBatch)
            {
                break;
            }
        }

        await sending;

        // The scripted edge builds each frame, which is once the body's bytes.
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated - bodyBytes;
        double perMessage = (double)allocated / received;
        Print($"{perMessage:0.0} bytes a received message of {(double)bodyBytes / received:0.0} bytes on the wire");
        await client.DisposeAsync();
        Assert.InRange(perMessage, 0, ((double)bodyBytes / received) + 140);
    }

    private static async Task PublishManyAsync(RelayClient client, int publishers, int underWay, int messages)
    {
        byte[] payload = new byte[PayloadBytes];
        await Task.WhenAll(Enumerable.Range(0, publishers * underWay).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < messages / (publishers * underWay); i++)
            {
                await client.PublishAsync("lobby", payload);
            }
        })));
    }

    private static void Print(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
