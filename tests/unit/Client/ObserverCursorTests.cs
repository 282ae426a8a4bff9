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
    public void TakeGap_HistoryBeginsBehindWhatJoinedSaid_IsTaken()
    {
        ObserverCursor cursor = Whole(7);
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(0, 0, 7), At(0, 0, 2), GapReason.Moved));
        cursor.TakeGap(At(0, 0, 7), At(0, 0, 2), GapReason.Moved);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(0, 0, 3), 5));
        Assert.Equal([At(0, 0, 2)], cursor.Positions);
    }

    [Fact]
    public void Check_PartitionHeardOfFirst_IsTakenWhereItBegins()
    {
        ObserverCursor cursor = Whole(7);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(0, 3, 50), 2));
        cursor.Take(At(0, 3, 51), endsLog: false);
        Assert.Equal(51UL, cursor.SeqIn(At(0, 3, 0)));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(0, 3, 53), 1));
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(0, 3, 51), 1));
        Assert.Equal(7UL, cursor.SeqIn(At(0, 0, 0)));
    }

    [Fact]
    [Trait("Must", "R-OBS-3")]
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
        cursor.Take(At(2, 0, 3), endsLog: false);

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
    public void Take_SplitMessage_EndsTheLog()
    {
        ObserverCursor cursor = Whole(7);
        cursor.Take(At(0, 0, 8), endsLog: true);
        Assert.Equal([At(0, 0, 8)], cursor.Positions);
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(0, 0, 9), 1));

        cursor.TakeGap(At(0, 0, 8), At(1, 0, 0), GapReason.Moved);
        cursor.TakeGap(At(0, 0, 8), At(1, 1, 0), GapReason.Moved);
        Assert.Equal([At(1, 0, 0), At(1, 1, 0)], cursor.Positions);
    }

    [Fact]
    [Trait("Must", "R-OBS-3")]
    public void Positions_OnePartitionNotAtItsEndYet_AreOfItsGeneration()
    {
        var cursor = new ObserverCursor(JoinFrom.ObserveAfter([At(1, 0, 5), At(1, 1, 9)]));
        cursor.Joined(At(1, 0, 5));
        cursor.Take(At(1, 0, 6), endsLog: true);
        cursor.TakeGap(At(1, 0, 6), At(2, 0, 0), GapReason.Moved);
        cursor.Take(At(2, 0, 4), endsLog: false);

        // Resumed there, the relay leads to generation 2 again, of which 4 messages are known.
        Assert.Equal([At(1, 0, 6), At(1, 1, 9)], cursor.NextJoin.Positions);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(1, 1, 10), 1));
        cursor.Take(At(1, 1, 10), endsLog: true);
        Assert.Equal([At(2, 0, 4)], cursor.NextJoin.Positions);
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(2, 0, 1), 4));
    }

    [Fact]
    public void TakeGap_MergeWithOneNotice_LeavesTheOthersThatHaveEnded()
    {
        var cursor = new ObserverCursor(JoinFrom.ObserveAfter([At(1, 0, 5), At(1, 1, 9)]));
        cursor.Joined(At(1, 0, 5));
        cursor.Take(At(1, 0, 6), endsLog: true);
        cursor.Take(At(1, 1, 10), endsLog: true);
        cursor.TakeGap(At(1, 0, 6), At(2, 0, 0), GapReason.Moved);
        Assert.Equal([At(2, 0, 0)], cursor.Positions);
    }

    [Fact]
    public void TakeGap_TrimmedToALaterGeneration_DropsAllBefore()
    {
        var cursor = new ObserverCursor(JoinFrom.ObserveAfter([At(1, 0, 5), At(1, 1, 9)]));
        cursor.Joined(At(1, 0, 5));
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(1, 0, 5), At(40, 0, 0), GapReason.Trimmed));
        cursor.TakeGap(At(1, 0, 5), At(40, 0, 0), GapReason.Trimmed);
        Assert.Equal([At(40, 0, 0)], cursor.Positions);
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(At(1, 1, 10), 1));
    }

    private static ObserverCursor Whole(ulong seq)
    {
        var cursor = new ObserverCursor(JoinFrom.Live.Observing());
        cursor.Joined(At(0, 0, seq));
        return cursor;
    }

    private static Position At(ulong generation, uint partition, ulong seq) => new(generation, partition, 1, seq);
}
