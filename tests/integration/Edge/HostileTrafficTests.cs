using System.Buffers.Binary;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Broken and random frames by the hundred thousand at a live edge, beside two members who notice nothing.</summary>
public sealed class HostileTrafficTests
{
    private const int Connections = 2000;
    private const int FramesEach = 100;
    private const int AtOnce = 16;

    private static readonly Vector[] Legal =
    [
        .. VectorFile.Frames.All.Where(vector =>
            vector.Type is FrameType.Ping or FrameType.Pong or FrameType.Join or FrameType.Leave or FrameType.Publish or FrameType.Query
                or FrameType.React),
    ];

    [Fact]
    public async Task Edge_RandomAndMutatedFrames_NeighboursAreServedAndNothingStays()
    {
        ulong seed = TestSeed.Choose();
        using var gauges = new EdgeGauges("hostile-edge");
        await using TestRelay relay = await TestRelay.StartAsync(edge => edge.Name = edge.Name == "edge-a" ? "hostile-edge" : edge.Name);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.A, "bob", "lobby", 2);

        Task attack = Parallel.ForAsync(
            0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) => await AttackAsync(relay, new Random((int)(seed + (ulong)i))));
        ulong number = 0;
        while (!attack.IsCompleted)
        {
            Assert.Equal(++number, await alice.PublishAsync(number, $"line {number}"));
            await bob.HasMessagesAsync((int)number);
        }

        await attack;
        Assert.Equal(Enumerable.Range(1, (int)number).Select(line => $"line {line}"), bob.Messages.Select(message => message.Text));
        await Eventually.TrueAsync(
            () => gauges.Read("relay.edge.sessions") == 2 && gauges.Read("relay.edge.connections") == 2 && gauges.Read("relay.edge.memberships") == 2,
            TimeSpan.FromSeconds(30),
            () => $"{gauges.Read("relay.edge.sessions")} sessions, {gauges.Read("relay.edge.connections")} connections, {gauges.Read("relay.edge.memberships")} memberships are left");
    }

    private static async Task AttackAsync(TestRelay relay, Random chance)
    {
        await using WireClient client = await WireClient.ConnectAsync(relay.A);
        try
        {
            if (chance.Next(4) > 0)
            {
                await client.SendHelloAsync(Capabilities.Ephemeral | Capabilities.Rooms);
                await client.SendAuthAsync("user:mallory");
            }

            using var frames = new MemoryStream();
            for (int i = 0; i < FramesEach; i++)
            {
                frames.Write(Frame(chance));
            }

            await client.SendRawAsync(frames.ToArray());
            while (true)
            {
                (FrameHeader header, _) = await client.ReceiveAsync();
                if (header.Type == FrameType.Close || chance.Next(FramesEach) == 0)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Cut by the edge, or left without an answer: both are its right.
        }
    }

    // Mostly frames that come far: valid ones in any order, some of them with a few bytes changed.
    private static byte[] Frame(Random chance)
    {
        byte[] frame = [.. Legal[chance.Next(Legal.Length)].Bytes];
        switch (chance.Next(60))
        {
            case 0:
                frame[chance.Next(frame.Length)] ^= (byte)(1 << chance.Next(8));
                break;
            case 1:
                chance.NextBytes(frame);
                break;
            case 2 when frame.Length > FrameHeader.SizeBytes:
                chance.NextBytes(frame.AsSpan(FrameHeader.SizeBytes));
                break;
            case 3:
                BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)chance.NextInt64(uint.MaxValue));
                break;
        }

        return frame;
    }
}
