using RelayServer.Bench.Load;
using RelayServer.Bench.Load.Publishing;

namespace RelayServer.UnitTests.Bench;

public sealed class PublishPlanTests
{
    private const long Millisecond = 1_000_000;

    private static readonly PublishPlan Open = new(4, 100 * Millisecond, 200 * Millisecond, 300 * Millisecond, 1000, 8);
    private static readonly PublishPlan Closed = Open with { MessagesPerSecond = 0 };

    [Fact]
    public void DueNanoseconds_OpenLoop_SpacesAllPublishersEvenly()
    {
        IEnumerable<long> due = from number in Enumerable.Range(0, 3)
                                from publisher in Enumerable.Range(0, 4)
                                select Open.DueNanoseconds(publisher, number);

        Assert.Equal(Enumerable.Range(0, 12).Select(i => (100 + i) * Millisecond), due);
    }

    [Fact]
    public void TryNext_OpenLoopLate_StampsTheSchedule()
    {
        Assert.True(Open.TryNext(publisher: 1, number: 2, 250 * Millisecond, out long intended));
        Assert.Equal(109 * Millisecond, intended);
    }

    [Fact]
    public void TryNext_OpenLoopEarly_Waits() => Assert.False(Open.TryNext(1, 2, (109 * Millisecond) - 1, out _));

    [Fact]
    public void TryNext_DueAfterEnd_IsNeverSent() => Assert.False(Open.TryNext(0, 50, 999 * Millisecond, out _));

    [Fact]
    public void TryNext_ClosedLoop_StampsThePresent()
    {
        Assert.True(Closed.TryNext(0, 1_000_000, 250 * Millisecond, out long intended));
        Assert.Equal(250 * Millisecond, intended);
        Assert.False(Closed.TryNext(0, 1, 300 * Millisecond, out _));
    }

    [Fact]
    public void RoomMessages_ClosedLoop_CountsWhatMembersDoNotHave()
    {
        Assert.Equal(2, Closed.RoomMessages(30));
        Assert.Equal(long.MaxValue, Open.RoomMessages(30));
    }

    [Fact]
    public void PhaseOf_Boundary_IsMeasured()
    {
        Assert.Equal(LoadPhase.WarmUp, Open.PhaseOf((200 * Millisecond) - 1));
        Assert.Equal(LoadPhase.Measured, Open.PhaseOf(200 * Millisecond));
    }
}
