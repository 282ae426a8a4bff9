using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

public sealed class ObserverCursorTests
{
    [Fact]
    public void Joined_Live_AsksForItAgainWithItsPositions()
    {
        ObserverCursor cursor = Whole(7);
        Assert.True(cursor.NextJoin.IsObserver);
        Assert.Equal([At(0, 0, 7)], cursor.Positions);
        Assert.Equal([At(0, 0, 7)], cursor.NextJoin.Positions);
    }

    [Fact]
    public void Joined_NotYet_AsksForWhatWasWanted()
    {
        var cursor = new ObserverCursor(JoinFrom.Last(20).Observing());
        Assert.Equal(JoinFrom.Last(20).Observing(), cursor.NextJoin);
    }

    [Fact]
    public void Check_PartitionHeardOfFirst_IsTakenWhereItBegins()
    {
        ObserverCursor cursor = Whole(7);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(0, 3, 50), 2));
        cursor.Take(At(0, 3, 51));
        Assert.Equal(51UL, cursor.SeqIn(At(0, 3, 0)));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(0, 3, 53), 1));
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(0, 3, 51), 1));
        Assert.Equal(7UL, cursor.SeqIn(At(0, 0, 0)));
    }

    [Fact]
    public void TakeGap_Split_OpensEveryPartitionAndEndsTheOldOne()
    {
        ObserverCursor cursor = Whole(7);
        for (uint partition = 0; partition < 3; partition++)
        {
            Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(0, 0, 7), At(1, partition, 0), GapReason.Moved));
            cursor.TakeGap(At(0, 0, 7), At(1, partition, 0), GapReason.Moved);
        }

        Assert.Equal([At(1, 0, 0), At(1, 1, 0), At(1, 2, 0)], cursor.Positions);
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(0, 0, 7), 1));
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.CheckGap(At(0, 0, 7), At(1, 2, 0), GapReason.Moved));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(1, 2, 2), 1));
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(1, 2, 1), 1));
    }

    [Fact]
    public void TakeGap_Merge_KeepsWhatTheNewPartitionHasAlready()
    {
        var cursor = new ObserverCursor(JoinFrom.ObserveAfter([At(1, 0, 5), At(1, 1, 9)]));
        cursor.Joined(At(1, 0, 5));
        cursor.TakeGap(At(1, 0, 5), At(2, 0, 0), GapReason.Moved);
        cursor.Take(At(2, 0, 3));

        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(1, 1, 9), At(2, 0, 0), GapReason.Moved));
        cursor.TakeGap(At(1, 1, 9), At(2, 0, 0), GapReason.Moved);

        Assert.Equal([At(2, 0, 3)], cursor.Positions);
    }

    [Fact]
    public void CheckGap_MovedBeyondAnEnd_IsAHole()
    {
        ObserverCursor cursor = Whole(7);
        Assert.Equal(DeliveryVerdict.Hole, cursor.CheckGap(At(0, 0, 8), At(1, 0, 0), GapReason.Moved));
    }

    [Fact]
    public void CheckGap_WithinOneGeneration_NamesOneMorePartition()
    {
        var cursor = new ObserverCursor(JoinFrom.Live.Observing());
        cursor.Joined(At(4, 0, 100));
        cursor.TakeGap(At(4, 0, 100), At(4, 1, 70), GapReason.Moved);
        Assert.Equal([At(4, 0, 100), At(4, 1, 70)], cursor.Positions);
    }

    [Fact]
    public void CheckGap_SkippedInOnePartition_LeavesTheOthers()
    {
        var cursor = new ObserverCursor(JoinFrom.ObserveAfter([At(1, 0, 5), At(1, 1, 9)]));
        cursor.Joined(At(1, 0, 5));
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(1, 1, 9), At(1, 1, 20), GapReason.Skipped));
        cursor.TakeGap(At(1, 1, 9), At(1, 1, 20), GapReason.Skipped);
        Assert.Equal([At(1, 0, 5), At(1, 1, 20)], cursor.Positions);
        Assert.Equal(DeliveryVerdict.Hole, cursor.CheckGap(At(1, 0, 6), At(1, 0, 20), GapReason.Skipped));
    }

    [Fact]
    public void Positions_MoreThanAJoinTakes_AreCutAtTheBound()
    {
        ObserverCursor cursor = Whole(7);
        for (uint partition = 0; partition < ProtocolLimits.PartitionsMax; partition++)
        {
            cursor.Take(At(1, partition, 1));
        }

        Assert.Equal(ProtocolLimits.PartitionsMax, cursor.NextJoin.Positions!.Count);
        Assert.Equal(At(0, 0, 7), cursor.Positions[0]);
    }

    private static ObserverCursor Whole(ulong seq)
    {
        var cursor = new ObserverCursor(JoinFrom.Live.Observing());
        cursor.Joined(At(0, 0, seq));
        return cursor;
    }

    private static Position At(ulong generation, uint partition, ulong seq) => new(generation, partition, 1, seq);
}
