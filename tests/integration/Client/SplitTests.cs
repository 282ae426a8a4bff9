using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Reading a room that is split and merged, as a member and as an observer.</summary>
public sealed class SplitTests : ScriptedClientTests
{
    private static readonly byte[] IntoTwo =
        new SplitNotice { FromGeneration = 0, FromCount = 1, To = Partitioning.ByEdges(1, ["edge-a", "edge-b"]), Sizes = [2, 3] }.Encode();

    [Fact]
    [Trait("Must", "R-SPLIT-9")]
    public async Task Read_SplitAsAMember_MovesAndResumesThere()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", At(0, 0, 1), "before");
        await session.DeliverAsync("lobby", At(0, 0, 2), MessageKind.Split, IntoTwo);
        await session.MovedAsync("lobby", At(0, 0, 2), At(1, 1, 0));
        await session.DeliverAsync("lobby", At(1, 1, 1), MessageKind.Split, IntoTwo);
        await session.DeliverAsync("lobby", At(1, 1, 2), "after");

        List<RelayEvent> events = await ReadAsync(lobby, 5);

        Assert.Equal("before", Assert.IsType<RelayMessage>(events[0]).Text);
        Assert.False(Assert.IsType<RelaySplit>(events[1]).IsBeginning);
        Assert.Equal([2U, 3U], ((RelaySplit)events[1]).Notice.Sizes);
        Assert.Equal((At(0, 0, 2), At(1, 1, 0)), (Assert.IsType<RelayMoved>(events[2]).From, ((RelayMoved)events[2]).To));
        Assert.True(Assert.IsType<RelaySplit>(events[3]).IsBeginning);
        Assert.Equal(At(1, 1, 2), Assert.IsType<RelayMessage>(events[4]).Position);
        Assert.Equal(At(1, 1, 2), lobby.Position);

        session.Reset();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        Assert.Equal(("lobby", JoinStart.Resume, 0U, At(1, 1, 2)), (await next.ExpectAsync(FrameType.Join)).Join());
    }

    [Fact]
    public async Task Read_ResumeAcrossTwoSwitches_LosesAndDoublesNothing()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", At(0, 0, 1), "1");
        await TakenInAsync(session);
        session.Reset();

        ScriptedSession next = await Edge.AcceptReadyAsync();
        ScriptedFrame join = await next.ExpectAsync(FrameType.Join);
        await next.JoinedAsync(join, At(0, 0, 1), At(2, 0, 2));
        await next.DeliverAsync("lobby", At(0, 0, 1), "1", "2");
        await next.MovedAsync("lobby", At(0, 0, 2), At(1, 1, 0));
        await next.DeliverAsync("lobby", At(1, 1, 1), "3");
        await next.MovedAsync("lobby", At(1, 1, 1), At(2, 0, 0));
        await next.DeliverAsync("lobby", At(2, 0, 1), "4", "5");

        Assert.Equal(["1", "2", "3", "4", "5"], await ReadTextsAsync(lobby, 5));
    }

    [Fact]
    public async Task HistoryRead_TopInALaterGeneration_WaitsForIt()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby", JoinFrom.Last(3), Cancellation);
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        await session.JoinedAsync(join, At(0, 0, 90), At(1, 1, 2));
        RelaySubscription lobby = await joining.WaitAsync(ScriptedSession.Deadline);
        Assert.False(lobby.HistoryRead.IsCompleted);
        await session.DeliverAsync("lobby", At(0, 0, 91), "old");
        await session.MovedAsync("lobby", At(0, 0, 91), At(1, 1, 0));
        await session.DeliverAsync("lobby", At(1, 1, 1), "1", "2");
        await session.DeliverAsync("lobby", At(1, 1, 3), "live");
        await ReadAsync(lobby, 5);
        await lobby.HistoryRead.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task Read_MessageOfAnotherPartition_EndsTheConnection()
    {
        (_, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", At(0, 0, 1), "1");
        await session.MovedAsync("lobby", At(0, 0, 1), At(1, 1, 0));
        await session.DeliverAsync("lobby", At(1, 0, 1), "not mine");
        await session.ReadToEndAsync();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        Assert.Equal(At(1, 1, 0), (await next.ExpectAsync(FrameType.Join)).Join().Position);
    }

    [Fact]
    [Trait("Must", "R-OBS-3")]
    public async Task Read_AsAnObserver_HasEveryPartitionAndResumesInAll()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby", JoinFrom.Live.Observing(), Cancellation);
        ScriptedFrame join = await session.ExpectAsync(FrameType.Join);
        Assert.True(join.Observes());
        await session.JoinedAsync(join, At(0, 0, 5), At(0, 0, 5));
        RelaySubscription lobby = await joining.WaitAsync(ScriptedSession.Deadline);
        Assert.True(lobby.IsObserver);
        await session.DeliverAsync("lobby", At(0, 0, 6), MessageKind.Split, IntoTwo);
        await session.MovedAsync("lobby", At(0, 0, 6), At(1, 0, 0));
        await session.MovedAsync("lobby", At(0, 0, 6), At(1, 1, 0));
        await session.DeliverAsync("lobby", At(1, 1, 1), "of b");
        await session.DeliverAsync("lobby", At(1, 0, 1), "of a");
        await session.DeliverAsync("lobby", At(1, 1, 2), "of b");

        List<RelayEvent> events = await ReadAsync(lobby, 6);

        Assert.Equal([1U, 0U, 1U], events.OfType<RelayMessage>().Select(message => message.Position.Partition));
        Assert.Equal([At(1, 0, 1), At(1, 1, 2)], lobby.Positions);

        session.Reset();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        ScriptedFrame resume = await next.ExpectAsync(FrameType.Join);
        Assert.True(resume.Observes());
        Assert.Equal([At(1, 0, 1), At(1, 1, 2)], resume.Positions());
        await next.JoinedAsync(resume, At(1, 0, 1), At(1, 0, 2));
        await next.DeliverAsync("lobby", At(1, 1, 2), "of b", "new in b");
        await next.DeliverAsync("lobby", At(1, 0, 2), "new in a");
        Assert.Equal(["new in b", "new in a"], await ReadTextsAsync(lobby, 2));
    }

    [Fact]
    public async Task JoinAsync_ObserveAtAnEdgeWithoutRooms_Throws()
    {
        Edge.Welcome = Edge.Welcome with { Capabilities = Capabilities.Ephemeral };
        await ConnectAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.JoinAsync("lobby", JoinFrom.Live.Observing(), Cancellation));
        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Position At(ulong generation, uint partition, ulong seq) => new(generation, partition, 1, seq);
}
