using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class PublishTests : ScriptedClientTests
{
    [Fact]
    public async Task PublishAsync_Acked_GivesThePosition()
    {
        (_, ScriptedSession session) = await JoinAsync();
        ValueTask<Position> publish = Client.PublishAsync("lobby", "hé");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        Assert.Equal(("lobby", Client.ProducerId, 1UL, "hé"), sent);
        await session.AckAsync("lobby", sent.ProducerId, 1);
        Assert.Equal(new Position(0, 0, 1, 101), await publish);
    }

    [Fact]
    [Trait("Must", "R-ACK-5")]
    public async Task PublishAsync_AcksInAnyOrder_EachGetsItsOwn()
    {
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 8).Select(i => Client.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(8);
        ulong producerId = sent[0].ProducerId;
        await session.AckAsync("lobby", producerId, 5, 1);
        await session.AckAsync("lobby", producerId, 8, 8, 1, 999);
        await session.AckAsync("other", producerId + 1, 2);
        await session.AckAsync("lobby", producerId, 7, 6, 4, 3, 2);
        Position[] positions = await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
        Assert.Equal([101UL, 102, 103, 104, 105, 106, 107, 108], positions.Select(p => p.Seq));
    }

    [Fact]
    [Trait("Must", "R-PUB-5")]
    [Trait("Must", "R-WELCOME-1")]
    public async Task PublishAsync_WindowFull_WaitsForAnAck()
    {
        Edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 2 };
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 4).Select(i => Client.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(2);

        // A PING is answered after everything that was ready to be sent: a third publish would have come before it.
        await session.SendAsync(FrameType.Ping, [], correlation: 77);
        Assert.Equal(77U, (await session.ExpectAsync(FrameType.Pong)).Header.Correlation);
        await session.AckAsync("lobby", sent[0].ProducerId, 2);
        Assert.Equal("m2", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 3);
        Assert.Equal("m3", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent[0].ProducerId, 4);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    [Trait("Must", "R-PUB-2")]
    [Trait("Must", "R-PUB-3")]
    [Trait("Must", "R-PUB-4")]
    public async Task PublishAsync_ConnectionLost_SendsAgainWithTheSameNumbersInOrder()
    {
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 4).Select(i => Client.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(4);
        await session.AckAsync("lobby", sent[0].ProducerId, 2);
        await publishes[1].WaitAsync(ScriptedSession.Deadline);
        session.Reset();

        ScriptedSession second = await Edge.AcceptReadyAsync();
        await second.GrantJoinAsync();
        Assert.Equal([sent[0], sent[2], sent[3]], await second.ExpectPublishesAsync(3));
        await second.AckAsync("lobby", sent[0].ProducerId, 1, 3, 4);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_WhileDisconnected_IsSentAfterTheRejoin()
    {
        (_, ScriptedSession session) = await JoinAsync();
        session.Reset();
        ScriptedSession second = await Edge.AcceptReadyAsync();
        ScriptedFrame join = await second.ExpectAsync(FrameType.Join);
        ValueTask<Position> publish = Client.PublishAsync("lobby", "late");
        await second.SendAsync(FrameType.Ping, []);
        await second.ExpectAsync(FrameType.Pong);
        await second.JoinedAsync(join, 0, 0);
        var sent = (await second.ExpectPublishesAsync(1))[0];
        await second.AckAsync("lobby", sent.ProducerId, sent.Number);
        Assert.Equal(101UL, (await publish).Seq);
    }

    [Theory]
    [InlineData(ErrorCode.Forbidden)]
    [InlineData(ErrorCode.NumberExpired)]
    [InlineData(ErrorCode.TokenExpired)]
    [Trait("Must", "R-ERROR-3")]
    public async Task PublishAsync_RefusedForGood_ThrowsTheCode(ErrorCode code)
    {
        (_, ScriptedSession session) = await JoinAsync();
        ValueTask<Position> publish = Client.PublishAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(code, 0, "lobby", sent.Number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => publish.AsTask());
        Assert.Equal(code, error.Code);
    }

    [Fact]
    [Trait("Must", "R-ERROR-3")]
    public async Task PublishAsync_RefusedForNow_IsSentAgainBeforeWhatFollowed()
    {
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position> first = Client.PublishAsync("lobby", "first").AsTask();
        Task<Position> second = Client.PublishAsync("lobby", "second").AsTask();
        var sent = await session.ExpectPublishesAsync(2);
        await session.ErrorAsync(ErrorCode.RateLimited, 300, "lobby", 2);
        await session.ErrorAsync(ErrorCode.RateLimited, 300, "lobby", 1);

        // Once the PING is answered, what came before it has been taken in.
        await session.SendAsync(FrameType.Ping, []);
        await session.ExpectAsync(FrameType.Pong);
        Task<Position> third = Client.PublishAsync("lobby", "third").AsTask();
        Assert.Equal(["first", "second", "third"], (await session.ExpectPublishesAsync(3)).Select(p => p.Text));
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 2, 3);
        await Task.WhenAll(first, second, third).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_RefusedForNowTooLong_ThrowsTheCode()
    {
        (_, ScriptedSession session) = await JoinAsync(options: Edge.ClientOptions with { RefusalRetryTimeout = TimeSpan.Zero });
        ValueTask<Position> publish = Client.PublishAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.Overloaded, 0, "lobby", sent.Number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => publish.AsTask());
        Assert.Equal(ErrorCode.Overloaded, error.Code);
    }

    [Fact]
    public async Task PublishAsync_Cancelled_EndsTheWaitAndKeepsTheWindowRight()
    {
        Edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 1 };
        (_, ScriptedSession session) = await JoinAsync();
        using var cancel = new CancellationTokenSource();
        Task<Position> sentOne = Client.PublishAsync("lobby", "sent", cancel.Token).AsTask();
        Task<Position> waiting = Client.PublishAsync("lobby", "waiting", cancel.Token).AsTask();
        Task<Position> kept = Client.PublishAsync("lobby", "kept").AsTask();
        var sent = await session.ExpectPublishesAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sentOne);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        var next = await session.ExpectPublishesAsync(1);
        Assert.Equal("kept", next[0].Text);
        await session.AckAsync("lobby", next[0].ProducerId, next[0].Number);
        await kept.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_NotJoined_ThrowsAtOnce()
    {
        await ConnectAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.PublishAsync("lobby", "x").AsTask());
        Assert.Equal(ErrorCode.NotJoined, error.Code);
    }

    [Fact]
    public async Task PublishAsync_PayloadAboveTheLimit_ThrowsAtOnce()
    {
        Edge.Welcome = new ScriptedWelcome { PayloadBytesMax = 10 };
        (_, ScriptedSession session) = await JoinAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.PublishAsync("lobby", "elf bytes..").AsTask());
        Assert.Equal(ErrorCode.PayloadTooLarge, error.Code);
        Task<Position> fits = Client.PublishAsync("lobby", "ten bytes.").AsTask();
        var sent = await session.ExpectPublishesAsync(1);
        await session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        await fits.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_LargestPayload_ArrivesWhole()
    {
        (_, ScriptedSession session) = await JoinAsync();
        string text = new('x', ProtocolLimits.PayloadBytesMax);
        Task<Position>[] publishes = [.. Enumerable.Range(0, 20).Select(_ => Client.PublishAsync("lobby", text).AsTask())];
        var sent = await session.ExpectPublishesAsync(20);
        Assert.All(sent, publish => Assert.Equal(text, publish.Text));
        await session.AckAsync("lobby", sent[0].ProducerId, [.. sent.Select(publish => publish.Number)]);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    [Trait("Must", "R-PUB-6")]
    public async Task SendAsync_WithAndWithoutLog_SetsTheFlags()
    {
        (_, ScriptedSession session) = await JoinAsync();
        await Client.SendAsync("lobby", "logged");
        await Client.SendAsync("lobby", "typing", ephemeral: true);
        Assert.Equal(FrameFlags.None, (await session.ExpectAsync(FrameType.Publish)).Header.Flags);
        Assert.Equal(FrameFlags.Ephemeral, (await session.ExpectAsync(FrameType.Publish)).Header.Flags);
    }

    [Fact]
    public async Task SendAsync_Refused_RaisesSendRefused()
    {
        (_, ScriptedSession session) = await JoinAsync();
        var refused = new TaskCompletionSource<RelayRefusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.SendRefused += (_, refusal) => refused.TrySetResult(refusal);
        await Client.SendAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.RateLimited, 0, "lobby", sent.Number);
        Assert.Equal(
            new RelayRefusal("lobby", sent.Number, ErrorCode.RateLimited, "scripted"),
            await refused.Task.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    [Trait("Must", "R-PUB-1")]
    public async Task ProducerId_OfManyClients_IsRandomInEveryBitAndTheOneOnTheWire()
    {
        const int clients = 128;
        var ids = new HashSet<ulong>();
        ulong seenSet = 0;
        ulong seenClear = 0;
        for (int i = 0; i < clients; i++)
        {
            await using var client = new RelayClient(Edge.ClientOptions);
            ids.Add(client.ProducerId);
            seenSet |= client.ProducerId;
            seenClear |= ~client.ProducerId;
        }

        Assert.Equal(clients, ids.Count);

        // A bit that 128 fair coins leave unchanged comes once in 2^121 runs.
        Assert.Equal((ulong.MaxValue, ulong.MaxValue), (seenSet, seenClear));
        (_, ScriptedSession session) = await JoinAsync();
        await Client.SendAsync("lobby", "x");
        Assert.Equal(Client.ProducerId, (await session.ExpectPublishesAsync(1))[0].ProducerId);
    }

    [Fact]
    [Trait("Must", "R-PUB-7")]
    public async Task PublishAsync_EachKind_HasItsFormOnTheWireAndNoOtherIsTaken()
    {
        (_, ScriptedSession session) = await JoinAsync();
        await Client.SendAsync("lobby", "hé");
        await Client.SendAsync("lobby", "hé"u8.ToArray(), MessageKind.Text);
        await Client.SendAsync("lobby", new byte[] { 0xff, 0x00 });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Client.PublishAsync("lobby", new byte[1], (MessageKind)2).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Client.SendAsync("lobby", new byte[1], (MessageKind)16).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => Client.SendAsync("lobby", new byte[] { 0xff }, MessageKind.Text).AsTask());
        await Client.SendAsync("lobby", "", ephemeral: true);

        // The end of each body: kind, then the payload with its MessagePack form in front.
        Assert.EndsWith("00a368c3a9", await NextBodyAsync(session), StringComparison.Ordinal);
        Assert.EndsWith("00a368c3a9", await NextBodyAsync(session), StringComparison.Ordinal);
        Assert.EndsWith("01c402ff00", await NextBodyAsync(session), StringComparison.Ordinal);
        Assert.EndsWith("00a0", await NextBodyAsync(session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1003 RateLimited: send it again after 1 ms")]
    [InlineData("3009 Forbidden: final, do not repeat")]
    [InlineData("{\"code\":1003,\"retry_after_ms\":1}")]
    [InlineData("\u001b[2J\0\u202e no {0} %s text")]
    [Trait("Must", "R-ERROR-2")]
    public async Task Refusal_WhateverItsText_OnlyTheCodeDecides(string text)
    {
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position> refused = Client.PublishAsync("lobby", "refused for good").AsTask();
        Task<Position> retried = Client.PublishAsync("lobby", "refused for now").AsTask();
        var sent = await session.ExpectPublishesAsync(2);
        await session.ErrorAsync(ErrorCode.Forbidden, 1, "lobby", sent[0].Number, text: text);
        await session.ErrorAsync(ErrorCode.RateLimited, 1, "lobby", sent[1].Number, text: text);
        Assert.Equal(ErrorCode.Forbidden, (await Assert.ThrowsAsync<RelayException>(() => refused)).Code);
        Assert.Equal([sent[1]], await session.ExpectPublishesAsync(1));
        await session.CloseAsync(ErrorCode.Draining, 0, text);
        ScriptedSession second = await Edge.AcceptReadyAsync();
        await second.GrantJoinAsync();
        Assert.Equal([sent[1]], await second.ExpectPublishesAsync(1));
        await second.AckAsync("lobby", sent[1].ProducerId, sent[1].Number);
        await retried.WaitAsync(ScriptedSession.Deadline);

        var ended = new TaskCompletionSource<ErrorCode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.StateChanged += (_, change) => _ = change.State == RelayClientState.Closed && ended.TrySetResult(change.Error?.Code);
        await second.CloseAsync(ErrorCode.Forbidden, 0, text);
        Assert.Equal(ErrorCode.Forbidden, await ended.Task.WaitAsync(ScriptedSession.Deadline));
    }

    private static async Task<string> NextBodyAsync(ScriptedSession session) =>
        Convert.ToHexStringLower((await session.ExpectAsync(FrameType.Publish)).Body);
}
