using RelayServer.Edge;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What sessions may have sent that is not answered yet, together and each.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class InboxBudgetTests
{
    private readonly InboxBudget _whole = new(1000);

    [Fact]
    public void Take_SessionsPartIsFull_ItWaitsAndOthersDoNot()
    {
        var greedy = new InboxBudget(300, _whole);
        Assert.True(Take(greedy, 300).IsCompleted);
        Task waiting = Take(greedy, 1);
        Assert.False(waiting.IsCompleted);
        Assert.True(Take(new InboxBudget(300, _whole), 300).IsCompleted);
        Assert.Equal(600, _whole.UsedBytes);
    }

    [Fact]
    public async Task Return_SessionsPartWasFull_WhoWaitsGoesOnAndTheWholeIsRightInTheEnd()
    {
        var part = new InboxBudget(300, _whole);
        await Take(part, 300);
        Task waiting = Take(part, 200);
        part.Return(300);
        await waiting.WaitAsync(ShardActions.Patience, TestContext.Current.CancellationToken);
        Assert.Equal((200, 200), (part.UsedBytes, _whole.UsedBytes));
        part.Return(200);
        Assert.Equal((0, 0), (part.UsedBytes, _whole.UsedBytes));
    }

    [Fact]
    public async Task Take_WholeIsFull_WaitsUntilAnotherSessionReturns()
    {
        var other = new InboxBudget(1000, _whole);
        await Take(other, 1000);
        var part = new InboxBudget(300, _whole);
        Task waiting = Take(part, 100);
        Assert.False(waiting.IsCompleted);
        other.Return(1000);
        await waiting.WaitAsync(ShardActions.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(100, _whole.UsedBytes);
    }

    [Fact]
    public async Task Answered_ShardIsBusyWithTheAnswers_ReturnsAfterThem()
    {
        using var shard = new FanoutShard("test", new EdgeOptions(), new EdgeCounters(), new SteadyClock(TimeProvider.System));
        var sink = new StubbornSink { Room = int.MaxValue };
        var session = new EdgeSession(1, []) { Output = new SessionOutput(sink, shard, 1000), Inbox = new InboxBudget(300, _whole) };
        await Take(session.Inbox, 300);
        Task inTurn = shard.InTurnAsync(() => Assert.Equal((0, 300), (sink.TakenBytes, _whole.UsedBytes)));
        shard.Post(new ShardItem
        {
            Kind = ShardItemKind.Send, Session = session, Frame = SharedFrame.Create(FrameType.Pong, FrameFlags.None, 0, default),
        });
        shard.Post(new ShardItem { Kind = ShardItemKind.Answered, Session = session, Count = 300 });
        await shard.InTurnAsync(() => Assert.Equal((FrameHeader.SizeBytes, 0), (sink.TakenBytes, _whole.UsedBytes)));
        await inTurn;
    }

    private static Task Take(InboxBudget budget, int bytes) => budget.TakeAsync(bytes, TestContext.Current.CancellationToken).AsTask();
}
