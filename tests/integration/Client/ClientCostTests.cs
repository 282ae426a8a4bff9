using System.Diagnostics;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>What the client costs in bytes and threads, over a loopback socket with the edge's end in the same process.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClientCostTests
{
    private const int PayloadBytes = 128;

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

    [Fact]
    public async Task Connect_OneHundredClients_TakesNoThreadForEach()
    {
        const int clients = 100;
        const int threadsMax = 16;
        await using var edge = new ScriptedEdge();
        var connected = new List<RelayClient>();
        try
        {
            // The first one starts what all of them share.
            connected.Add(await ConnectAndJoinAsync(edge));
            int before = ThreadCount();
            while (connected.Count <= clients)
            {
                connected.Add(await ConnectAndJoinAsync(edge));
            }

            int threads = ThreadCount() - before;
            Print($"{threads} threads more for {clients} clients");
            Assert.All(connected, client => Assert.Equal(RelayClientState.Connected, client.State));
            Assert.InRange(threads, int.MinValue, threadsMax - 1);
        }
        finally
        {
            await Task.WhenAll(connected.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    private static async Task<RelayClient> ConnectAndJoinAsync(ScriptedEdge edge)
    {
        (RelayClient client, ScriptedSession session) = await edge.ConnectAsync();
        Task<RelaySubscription> joining = client.JoinAsync("lobby");
        await session.GrantJoinAsync();
        await joining.WaitAsync(ScriptedSession.Deadline);
        return client;
    }

    private static int ThreadCount()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static void Print(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
