using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Void messages, which hold a place in a log, are behind the reader without being shown.</summary>
public sealed class VoidTests : IAsyncLifetime
{
    private readonly ScriptedEdge _edge = new();
    private RelayClient? _client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _edge.DisposeAsync();
    }

    [Fact]
    [Trait("Must", "R-VOID-1")]
    [Trait("Must", "R-DELIVER-4")]
    public async Task Read_VoidAmongMessages_IsNotShownAndCountedInThePosition()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(0, 0);
        await session.DeliverAsync("lobby", 1, "1");
        await session.VoidAsync("lobby", 2);
        await session.DeliverAsync("lobby", 3, "3");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(Cancel);
        Assert.Equal("1", await NextTextAsync(reader));
        Assert.Equal("3", await NextTextAsync(reader));
        Assert.Equal(3UL, subscription.Position.Seq);
    }

    [Fact]
    [Trait("Must", "R-VOID-1")]
    public async Task Read_NothingButAVoid_HistoryIsReadAndAResumeGoesOnBehindIt()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(6, 7);
        Assert.False(subscription.HistoryRead.IsCompleted);
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = reader.MoveNextAsync();
        await session.VoidAsync("lobby", 7);
        await subscription.HistoryRead.WaitAsync(ScriptedSession.Deadline, Cancel);
        Assert.Equal(7UL, subscription.Position.Seq);

        await session.DisposeAsync();
        ScriptedSession second = await _edge.AcceptReadyAsync();
        Assert.Equal(("lobby", JoinStart.Resume, 0U, new Position(0, 0, 1, 7)), (await second.GrantJoinAsync(7, 8)).Join());
        await second.DeliverAsync("lobby", 8, "8");
        Assert.True(await next.AsTask().WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal("8", Assert.IsType<RelayMessage>(reader.Current).Text);
    }

    [Fact]
    public async Task HistoryRead_Messages_WhenTheReaderAsksForMoreThanTheLast()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(0, 2);
        await session.DeliverAsync("lobby", 1, "1", "2", "3");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(Cancel);
        await NextTextAsync(reader);
        await NextTextAsync(reader);
        Assert.False(subscription.HistoryRead.IsCompleted);
        await NextTextAsync(reader);
        Assert.True(subscription.HistoryRead.IsCompleted);
    }

    private static async Task<string> NextTextAsync(IAsyncEnumerator<RelayEvent> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(ScriptedSession.Deadline, Cancel));
        return Assert.IsType<RelayMessage>(reader.Current).Text;
    }

    private async Task<(RelaySubscription Subscription, ScriptedSession Session)> JoinAsync(ulong fromSeq, ulong topSeq)
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        Task<RelaySubscription> joining = _client.JoinAsync("lobby", JoinFrom.Beginning, Cancel);
        await session.GrantJoinAsync(fromSeq, topSeq);
        return (await joining.WaitAsync(ScriptedSession.Deadline, Cancel), session);
    }
}
