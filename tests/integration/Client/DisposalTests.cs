using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>The end of a client, whatever it was doing: everything it owns ends with it and everybody who waits is told.</summary>
public sealed class DisposalTests : ScriptedClientTests
{
    [Fact]
    public async Task DisposeAsync_NeverConnected_Completes()
    {
        var client = new RelayClient(Edge.ClientOptions);
        await client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        Assert.Throws<ObjectDisposedException>(() => { _ = client.ConnectAsync(); });
    }

    [Fact]
    public async Task DisposeAsync_DuringTheHandshake_Completes()
    {
        var client = new RelayClient(Edge.ClientOptions);
        Task connecting = client.ConnectAsync();
        ScriptedSession session = await Edge.AcceptAsync();
        await session.ReadSignInAsync();
        await client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
    }

    [Fact]
    public async Task DisposeAsync_SendsQueued_BeforeTheGoodbye()
    {
        (_, ScriptedSession session) = await JoinAsync();
        await Client.SendAsync("lobby", "last words");
        Task disposed = Client.DisposeAsync().AsTask();
        Assert.Equal("last words", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        await disposed.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task DisposeAsync_WhileBusy_EndsEverything()
    {
        Edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 4 };
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 100).Select(i => Client.PublishAsync("lobby", $"m{i}").AsTask())];
        await session.ExpectPublishesAsync(4);
        Task<RelaySubscription> joining = Client.JoinAsync("other");
        await session.ExpectAsync(FrameType.Join);
        await Client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        foreach (Task<Position> publish in publishes)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => publish.WaitAsync(ScriptedSession.Deadline));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => joining.WaitAsync(ScriptedSession.Deadline));
        Assert.Throws<ObjectDisposedException>(() => { _ = Client.PublishAsync("lobby", "after").AsTask(); });
        Assert.Equal(RelayClientState.Closed, Client.State);
    }

    [Fact]
    public async Task DisposeAsync_TokenProviderThatNeverAnswers_Completes()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Client = new RelayClient(Edge.ClientOptions with
        {
            TokenProvider = _ =>
            {
                asked.TrySetResult();
                return new ValueTask<string>(never.Task);
            },
        });
        Task connecting = Client.ConnectAsync();
        await asked.Task.WaitAsync(ScriptedSession.Deadline);
        await Client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
    }

    [Fact]
    public async Task SendRefused_HandlerThrows_EndsTheClientAndEverythingItStarted()
    {
        var time = new CountingTimeProvider();
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync(options: Edge.ClientOptions with { TimeProvider = time });
        Client.SendRefused += (_, _) => throw new InvalidDataException("the handler's mistake");
        await Client.SendAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", sent.Number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(lobby, 1));
        Assert.Equal("the handler's mistake", error.Message);
        await Client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        Assert.Equal(0, time.Running);
    }

    [Fact]
    public async Task DisposeAsync_RetriesPending_LeavesNoTimer()
    {
        var time = new CountingTimeProvider();
        (_, ScriptedSession session) = await JoinAsync(options: Edge.ClientOptions with { TimeProvider = time });
        Task<Position> publish = Client.PublishAsync("lobby", "later").AsTask();
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.RateLimited, 20_000, "lobby", sent.Number);
        Task<RelaySubscription> joining = Client.JoinAsync("other");
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        await session.ErrorAsync(ErrorCode.RateLimited, 20_000, "other", null, join.Header.Correlation);
        await TakenInAsync(session);
        Assert.NotEqual(0, time.Running);
        await Client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => publish);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => joining);
        Assert.Equal(0, time.Running);
    }
}
