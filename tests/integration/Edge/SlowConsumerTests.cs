using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Members that read slowly: they harm nobody, cost a bounded amount, and lose nothing when they come back.</summary>
public sealed class SlowConsumerTests
{
    private const int OutboundBytesMax = 128 * 1024;
    private static readonly string Line = new('x', 4000);

    [Fact]
    public async Task Publish_OneOfManyDoesNotRead_ItIsCutAndResumesWhileTheOthersGetEverything()
    {
        const int Others = 50;
        const int Messages = 400;
        using var gauges = new EdgeGauges("cutting-edge");
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            Tight(edge);
            edge.Name = edge.Name == "edge-a" ? "cutting-edge" : edge.Name;
        });
        await using var slow = new RoomMember(await SlowReader.SignInAsync(relay.A, "slow"), "lobby", 0);
        await slow.JoinAsync();
        RoomMember[] others = await Task.WhenAll(Enumerable.Range(0, Others).Select(i => RoomMember.JoinAsync(relay.A, $"user-{i}", "lobby")));
        await using RoomMember publisher = await RoomMember.JoinAsync(relay.B, "alice", "lobby", 1);

        // At the pace of those who read: on a busy machine they too must have had their turn.
        for (ulong number = 1; number <= Messages; number++)
        {
            Assert.Equal(number, await publisher.PublishAsync(number, Line));
            if (number % 10 == 0)
            {
                await Task.WhenAll(others.Select(member => member.HasMessagesAsync((int)number)));
            }
        }

        await slow.ReadToEndAsync();
        Assert.True(slow.Messages.Count < Messages, "the slow member was not cut");
        Assert.Equal(1, gauges.Read("relay.edge.slow_consumers"));
        Assert.Contains(slow.Closed, (ErrorCode?[])[ErrorCode.SlowConsumer, null]);

        await using RoomMember again = await RoomMember.JoinAsync(relay.A, "slow", "lobby", 0, JoinStart.Resume, slow.Have);
        await again.HasMessagesAsync(Messages - slow.Messages.Count);
        Assert.Equal(Messages, slow.Messages.Count + again.Messages.Count);
        Assert.Empty(again.Gaps);
        foreach (RoomMember member in others)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Publish_ManyDoNotRead_WhatWaitsForThemIsBounded()
    {
        const int Slow = 60;
        const int Messages = 200;
        using var queued = new EdgeGauges("slow-edge");
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            Tight(edge);
            edge.Name = edge.Name == "edge-a" ? "slow-edge" : edge.Name;
        });
        var readers = new List<RoomMember>();
        for (int i = 0; i < Slow; i++)
        {
            var member = new RoomMember(await SlowReader.SignInAsync(relay.A, $"slow-{i}"), "lobby", 0);
            await member.JoinAsync();
            readers.Add(member);
        }

        await using RoomMember publisher = await RoomMember.JoinAsync(relay.B, "alice", "lobby", 1);
        long highest = 0;
        for (ulong number = 1; number <= Messages; number++)
        {
            Assert.Equal(number, await publisher.PublishAsync(number, Line));
            highest = Math.Max(highest, queued.Read("relay.edge.outbound.queued.bytes"));
        }

        Assert.InRange(highest, 1, Slow * (OutboundBytesMax + ProtocolLimits.ServerFrameBytesMax));
        await Eventually.TrueAsync(
            () => queued.Read("relay.edge.outbound.queued.bytes") == 0,
            TimeSpan.FromSeconds(20),
            () => $"{queued.Read("relay.edge.outbound.queued.bytes")} bytes still wait for connections that were cut");
        foreach (RoomMember member in readers)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Join_TwoRoomsWithHistoryBeforeReading_BothGoLive()
    {
        const int History = 60;
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            Tight(edge);
            edge.OutboundBytesMax = 8 * 1024 * 1024;
        });
        await using RoomMember kitchen = await RoomMember.JoinAsync(relay.B, "alice", "kitchen", 1);
        await using RoomMember attic = await RoomMember.JoinAsync(relay.B, "alice", "attic", 1);
        for (ulong number = 1; number <= History; number++)
        {
            await kitchen.PublishAsync(number, Line);
            await attic.PublishAsync(number, Line);
        }

        await using WireClient slow = await SlowReader.SignInAsync(relay.A, "slow");
        await slow.SendJoinAsync("kitchen", JoinStart.Resume);
        await slow.SendJoinAsync("attic", JoinStart.Resume);
        await slow.SendJoinAsync("cellar");

        // The third answer is behind the histories of the others, or before them: by then all have begun.
        var ends = new Dictionary<string, ulong> { ["kitchen"] = 0, ["attic"] = 0 };
        await ReadUntilAsync(slow, ends, History);
        await kitchen.PublishAsync(History + 1, "live");
        await attic.PublishAsync(History + 1, "live");
        await ReadUntilAsync(slow, ends, History + 1);
    }

    private static void Tight(EdgeOptions edge)
    {
        edge.OutboundBytesMax = OutboundBytesMax;
        edge.SocketSendBufferBytes = 8 * 1024;
        edge.FanoutThreads = 1;
    }

    private static async Task ReadUntilAsync(WireClient client, Dictionary<string, ulong> ends, ulong seq)
    {
        while (ends.Values.Any(end => end < seq))
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.Deliver)
            {
                Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
                ends[System.Text.Encoding.UTF8.GetString(deliver.Channel)] = deliver.Last.Seq;
            }
        }
    }
}
