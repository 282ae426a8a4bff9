using System.Diagnostics;
using System.Net;
using System.Text;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A million reactions of a thousand clients: everybody is told how many there were, and in how few frames.</summary>
[Collection(AloneCollection.Name)]
public sealed class LiveRoomReactionsTests
{
    private const string Room = "hearts";
    private const byte Heart = 0;
    private const int Clients = 1000;
    private const int Reactions = 1_000_000;
    private const int PerFrame = 40;
    private const int FramesEach = Reactions / Clients / PerFrame;
    private const int FramesPerSecondMax = 4;
    private const int FramesPerMinuteMax = 300;

    [Fact]
    [Trait("Must", "R-REACT-1")]
    [Trait("Must", "R-REACT-2")]
    public async Task React_OneMillionFromAThousandClients_AllAreToldInFewFramesAndNoneIsLost()
    {
        // A minute's reactions within seconds: above what one person is allowed.
        await using TestRelay relay = await TestRelay.StartAsync(edge => edge.ReactionsPerSecondMax = Reactions / Clients);
        WireClient[] clients = await JoinAsync(relay);
        try
        {
            byte[] frame = ReactFrame();
            var clock = Stopwatch.StartNew();
            int[] frames = await Task.WhenAll(clients.Select(client => ReactAsync(client, frame)));
            double seconds = clock.Elapsed.TotalSeconds;

            int framesMax = frames.Max();
            TestContext.Current.TestOutputHelper?.WriteLine($"{frames.Min()} to {framesMax} frames in {seconds:0.0} s: {framesMax / seconds:0.0}/s, {framesMax / seconds * 60:0} in a minute");
            Assert.True(framesMax <= (FramesPerSecondMax * seconds) + 1, $"{framesMax} frames in {seconds} s");
            Assert.True(framesMax / seconds * 60 < FramesPerMinuteMax, $"{framesMax} frames in {seconds} s");
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    private static Task<WireClient[]> JoinAsync(TestRelay relay)
    {
        IPEndPoint[] edges = [relay.A, relay.B];
        return Task.WhenAll(Enumerable.Range(0, Clients).Select(async index =>
        {
            WireClient client = await WireClient.SignInAsync(edges[index % edges.Length], $"user:viewer-{index}", Capabilities.Rooms);
            await client.JoinAsync(Room);
            return client;
        }));
    }

    // Reacts again when it is told of reactions, until it was told of all: how many frames that took. Any loss holds it for ever.
    private static async Task<int> ReactAsync(WireClient client, byte[] frame)
    {
        int told = 0;
        int sent = 0;
        uint sum = 0;
        while (sum < Reactions)
        {
            if (sent < FramesEach && sent <= told)
            {
                await client.SendRawAsync(frame);
                sent++;
            }

            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type != FrameType.Reactions)
            {
                Assert.Contains(header.Type, (FrameType[])[FrameType.Room, FrameType.Counts]);
                continue;
            }

            sum += HeartsOf(body);
            told++;
        }

        Assert.Equal((uint)Reactions, sum);
        return told;
    }

    private static uint HeartsOf(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, ReactionsBody.TryDecode(body, out ReactionsBody reactions));
        uint hearts = 0;
        foreach ((byte reaction, uint count) in reactions.Reactions)
        {
            Assert.Equal(Heart, reaction);
            hearts += count;
        }

        return hearts;
    }

    private static byte[] ReactFrame()
    {
        byte[] frame = new byte[FrameHeader.SizeBytes + ReactBody.OverheadBytesMax + Room.Length];
        var react = new ReactBody { Channel = Encoding.UTF8.GetBytes(Room), Reaction = Heart, Count = PerFrame };
        Assert.True(react.TryEncode(frame.AsSpan(FrameHeader.SizeBytes), out int bodyBytes));
        new FrameHeader((uint)bodyBytes, FrameType.React, FrameFlags.None, 1).Write(frame);
        return frame[..(FrameHeader.SizeBytes + bodyBytes)];
    }
}
