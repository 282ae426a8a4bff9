using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Becoming a member, being refused, and leaving, asked for or not.</summary>
public sealed class MembershipTests : ScriptedClientTests
{
    [Fact]
    public async Task JoinAsync_RefusedForGood_ThrowsAndMayBeTriedAgain()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby");
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", null, join.Header.Correlation);
        Assert.Equal(ErrorCode.Forbidden, (await Assert.ThrowsAsync<RelayException>(() => joining)).Code);
        joining = Client.JoinAsync("lobby");
        await session.GrantJoinAsync();
        await joining.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task JoinAsync_RefusedForNow_AsksAgain()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby");
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        await session.ErrorAsync(ErrorCode.Unavailable, 1, "lobby", null, join.Header.Correlation);
        await session.GrantJoinAsync();
        await joining.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task JoinAsync_Cancelled_LeavesAgain()
    {
        ScriptedSession session = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby", cancellationToken: cancel.Token);
        await session.ExpectAsync(FrameType.Join);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
        await session.ExpectAsync(FrameType.Leave);
    }

    [Fact]
    public async Task JoinAsync_Twice_Throws()
    {
        await JoinAsync(JoinFrom.Live, 0, 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.JoinAsync("lobby"));
    }

    [Fact]
    public async Task LeaveAsync_Confirmed_EndsTheStream()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        await session.DeliverAsync("lobby", 1, "1");
        Assert.Equal(["1"], await ReadTextsAsync(subscription, 1));
        Task leaving = subscription.LeaveAsync();
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.DeliverAsync("lobby", 2, "too late");
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await leaving.WaitAsync(ScriptedSession.Deadline);
        Assert.Empty(await ReadTextsAsync(subscription, int.MaxValue));
    }

    [Fact]
    public async Task LeaveAsync_PublishUnanswered_WaitsForIt()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        Task<Position> publish = Client.PublishAsync("lobby", "before").AsTask();
        Task leaving = subscription.LeaveAsync();
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await publish.WaitAsync(ScriptedSession.Deadline);
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await leaving.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task JoinAsync_MoreChannelsThanTheRelayAllows_ThrowsWithoutAsking()
    {
        Edge.Welcome = new ScriptedWelcome { ChannelsMax = 1 };
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.JoinAsync("other"));
        Assert.Equal(ErrorCode.TooManyChannels, error.Code);
        Task leaving = lobby.LeaveAsync();
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await leaving.WaitAsync(ScriptedSession.Deadline);
        await JoinAsync(session, "other");
    }

    [Fact]
    [Trait("Must", "R-WELCOME-1")]
    public async Task Reconnect_FewerChannelsAllowed_KeepsTheFirstOnes()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        RelaySubscription other = await JoinAsync(session, "other");
        Edge.Welcome = new ScriptedWelcome { ChannelsMax = 1 };
        session.Reset();
        ScriptedSession second = await Edge.AcceptReadyAsync();
        Assert.Equal("lobby", (await second.GrantJoinAsync()).Join().Channel);
        await TakenInAsync(second);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(other, 1));
        Assert.Equal(ErrorCode.TooManyChannels, error.Code);
        await second.DeliverAsync("lobby", 1, "1");
        Assert.Equal(["1"], await ReadTextsAsync(lobby, 1));
    }

    [Fact]
    [Trait("Must", "R-ERROR-3")]
    public async Task Reconnect_JoinRefusedForAWhile_WaitsThatLongOnTheNextConnectionToo()
    {
        const uint retryAfterMilliseconds = 400;
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby");
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        long refused = TimeProvider.System.GetTimestamp();
        await session.ErrorAsync(ErrorCode.RateLimited, retryAfterMilliseconds, "lobby", null, join.Header.Correlation);
        await TakenInAsync(session);
        session.Reset();
        ScriptedSession second = await Edge.AcceptReadyAsync();
        await second.GrantJoinAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(refused).TotalMilliseconds >= retryAfterMilliseconds, "asked again too soon");
        await joining.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    [Trait("Must", "R-LEAVE-3")]
    public async Task Left_NotAskedFor_EndsThatMembershipAlone()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        RelaySubscription other = await JoinAsync(session, "other");
        Task<Position> publish = Client.PublishAsync("lobby", "unanswered").AsTask();
        await session.ExpectPublishesAsync(1);
        await session.DeliverAsync("lobby", 1, "1");
        await session.LeftAsync("lobby", correlation: 0);
        Assert.Equal(["1"], await ReadTextsAsync(lobby, 1));
        RelayException ended = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(lobby, 1));
        Assert.Equal(ErrorCode.NotJoined, ended.Code);
        Assert.Equal(ErrorCode.NotJoined, (await Assert.ThrowsAsync<RelayException>(() => publish)).Code);

        // The connection, the other membership and the way back are not touched by it; nobody may ask to leave twice.
        await lobby.LeaveAsync().WaitAsync(ScriptedSession.Deadline);
        await session.DeliverAsync("other", 1, "o1");
        Assert.Equal(["o1"], await ReadTextsAsync(other, 1));
        RelaySubscription again = await JoinAsync(session, "lobby", JoinFrom.After(lobby.Position), 1, 1);
        await session.DeliverAsync("lobby", 2, "2");
        Assert.Equal(["2"], await ReadTextsAsync(again, 1));
    }

    [Fact]
    public async Task LeaveAsync_CancelledWhileAPublishIsUnanswered_StaysAMemberThatMayPublish()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        Task<Position> first = Client.PublishAsync("lobby", "first").AsTask();
        var sent = (await session.ExpectPublishesAsync(1))[0];
        using var cancel = new CancellationTokenSource();
        Task leaving = lobby.LeaveAsync(cancel.Token);
        RelayException closed = await Assert.ThrowsAsync<RelayException>(() => Client.PublishAsync("lobby", "too late").AsTask());
        Assert.Equal(ErrorCode.NotJoined, closed.Code);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        Task<Position> second = Client.PublishAsync("lobby", "second").AsTask();
        Assert.Equal("second", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent.ProducerId, sent.Number, sent.Number + 1);
        await Task.WhenAll(first, second).WaitAsync(ScriptedSession.Deadline);

        // And it leaves as if it had never tried: after what is unanswered then.
        Task<Position> third = Client.PublishAsync("lobby", "third").AsTask();
        leaving = lobby.LeaveAsync(TestContext.Current.CancellationToken);
        await session.ExpectPublishesAsync(1);
        await TakenInAsync(session);
        await session.AckAsync("lobby", sent.ProducerId, sent.Number + 2);
        await third.WaitAsync(ScriptedSession.Deadline);
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await leaving.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task LeaveAsync_OneOfTwoCancelled_TheOtherStillLeaves()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        Task<Position> publish = Client.PublishAsync("lobby", "first").AsTask();
        var sent = (await session.ExpectPublishesAsync(1))[0];
        using var cancel = new CancellationTokenSource();
        Task cancelled = lobby.LeaveAsync(cancel.Token);
        Task leaving = lobby.LeaveAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAsync<RelayException>(() => Client.PublishAsync("lobby", "too late").AsTask());
        await session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await publish.WaitAsync(ScriptedSession.Deadline);
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        await leaving.WaitAsync(ScriptedSession.Deadline);
    }
}
