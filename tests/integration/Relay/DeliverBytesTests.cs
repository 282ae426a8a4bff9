using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Relay;

/// <summary>One encoding from the log to every member: nothing is encoded again on the way.</summary>
public sealed class DeliverBytesTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Messages = 200;
    private const string Room = "lobby";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_EmbeddedFabric_BytesOfTheLogAtEveryMember()
    {
        using var folder = new TemporaryFolder();
        var options = new EmbeddedFabricOptions { DataFolder = folder.Path };
        await CheckAsync(await EmbeddedFabric.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, Cancel));
    }

    [Fact]
    public async Task Deliver_Redis_BytesOfTheLogAtEveryMember()
    {
        var options = new RedisFabricOptions { Endpoints = redis.Endpoint };
        await CheckAsync(await RedisFabric.ConnectAsync(options, NullLoggerFactory.Instance, Cancel));
    }

    private static async Task CheckAsync(IFabric fabric)
    {
        await using TestRelay relay = await TestRelay.StartAsync(fabric);
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        await using WireClient bob = await WireClient.SignInAsync(relay.B, "user:bob");
        await alice.JoinAsync(Room);
        await bob.JoinAsync(Room);
        for (ulong number = 1; number <= Messages; number++)
        {
            await alice.SendPublishAsync(Room, 1, number, $"line {number}");
        }

        List<byte[]> atAlice = await ReceiveBatchesAsync(alice);
        List<byte[]> atBob = await ReceiveBatchesAsync(bob);
        await using WireClient late = await WireClient.SignInAsync(relay.B, "user:carol");
        await late.JoinAsync(Room, JoinStart.Resume, position: Position.Start);
        List<byte[]> atLate = await ReceiveBatchesAsync(late);

        LogPage page = await fabric.ReadFromAsync(new LogKey(Room, 0, 0), 0, 0, 4 * 1024 * 1024, Cancel);
        Assert.False(page.HasMore);
        List<byte[]> inLog = [.. page.Entries.Select(entry => entry.Body.ToArray())];
        Assert.Equal(inLog, atAlice);
        Assert.Equal(inLog, atBob);
        Assert.Equal(inLog, atLate);
    }

    private static async Task<List<byte[]>> ReceiveBatchesAsync(WireClient client)
    {
        var bodies = new List<byte[]>();
        ulong top = 0;
        while (top < Messages)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type != FrameType.Deliver)
            {
                Assert.Equal(FrameType.PubAck, header.Type);
                continue;
            }

            Assert.Equal((FrameFlags.None, 0u), (header.Flags, header.Correlation));
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
            top = deliver.Last.Seq;
            bodies.Add(body);
        }

        return bodies;
    }
}
