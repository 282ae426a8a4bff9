using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

public sealed class MemberCursorTests
{
    [Theory]
    [InlineData(11, 1, nameof(DeliveryVerdict.New))]
    [InlineData(9, 3, nameof(DeliveryVerdict.New))]
    [InlineData(9, 2, nameof(DeliveryVerdict.Duplicate))]
    [InlineData(10, 1, nameof(DeliveryVerdict.Duplicate))]
    [InlineData(12, 1, nameof(DeliveryVerdict.Hole))]
    [InlineData(11, 0, nameof(DeliveryVerdict.Duplicate))]
    public void Check_AfterTen_JudgesBySeq(ulong first, int count, string verdict) =>
        Assert.Equal(verdict, CursorAt(10).Check(At(first), count).ToString());

    [Fact]
    public void Check_NextEpoch_IsNew() =>
        Assert.Equal(DeliveryVerdict.New, CursorAt(10).Check(new Position(0, 0, 2, 11), 1));

    [Fact]
    public void Check_EarlierEpochOrOtherPartition_IsAHole()
    {
        Assert.Equal(DeliveryVerdict.Hole, CursorAt(10).Check(new Position(0, 0, 0, 11), 1));
        Assert.Equal(DeliveryVerdict.Hole, CursorAt(10).Check(new Position(0, 1, 1, 11), 1));
    }

    [Fact]
    public void Joined_FirstLive_StartsWhereTheRelaySays()
    {
        var cursor = new MemberCursor(JoinFrom.Live);
        cursor.Joined(At(7));
        Assert.Equal(JoinFrom.After(At(7)), cursor.NextJoin);
    }

    [Fact]
    public void Joined_Again_KeepsOurPosition()
    {
        var cursor = new MemberCursor(JoinFrom.Live);
        cursor.Joined(At(7));
        cursor.Take(At(9), endsLog: false);
        cursor.Joined(At(12));
        Assert.Equal(At(9), cursor.Have);
    }

    [Fact]
    public void Joined_ResumeTrimmed_WaitsForTheGapNotice()
    {
        var cursor = new MemberCursor(JoinFrom.After(At(5)));
        cursor.Joined(At(20));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(21), 1));
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(5), At(20), GapReason.Trimmed));
        cursor.Take(At(20), endsLog: false);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(At(21), 1));
    }

    [Fact]
    public void CheckGap_BehindUs_IsADuplicate() =>
        Assert.Equal(DeliveryVerdict.Duplicate, CursorAt(10).CheckGap(At(2), At(10), GapReason.Trimmed));

    [Fact]
    public void CheckGap_BeginsBeyondUs_IsAHole() =>
        Assert.Equal(DeliveryVerdict.Hole, CursorAt(10).CheckGap(At(11), At(15), GapReason.Skipped));

    [Fact]
    public void CheckGap_HistoryDiverged_IsAlwaysNew() =>
        Assert.Equal(DeliveryVerdict.New, CursorAt(10).CheckGap(At(10), At(8), GapReason.HistoryDiverged));

    [Fact]
    public void Joined_NothingReceivedYet_StartsWhereTheRelaySaysAgain()
    {
        var cursor = new MemberCursor(JoinFrom.Beginning);
        cursor.Joined(default);
        cursor.Joined(new Position(2, 1, 4, 30));
        Assert.Equal(new Position(2, 1, 4, 30), cursor.Have);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-9")]
    public void CheckGap_MovedFromOurEnd_GoesOnInTheNextGeneration()
    {
        MemberCursor cursor = CursorAt(10);
        Position next = new(1, 3, 2, 0);
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(10), next, GapReason.Moved));
        cursor.TakeGap(At(10), next, GapReason.Moved);
        Assert.Equal(JoinFrom.After(next), cursor.NextJoin);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(next with { Seq = 1 }, 2));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(next with { Seq = 2 }, 2));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(next with { Partition = 2, Seq = 1 }, 1));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(11), 1));
    }

    [Fact]
    public void CheckGap_MovedBeyondOurEnd_IsAHole() =>
        Assert.Equal(DeliveryVerdict.Hole, CursorAt(10).CheckGap(At(11), new Position(1, 0, 2, 0), GapReason.Moved));

    [Fact]
    public void CheckGap_MovedOnceMore_IsADuplicate()
    {
        MemberCursor cursor = CursorAt(10);
        Position next = new(1, 0, 2, 0);
        cursor.TakeGap(At(10), next, GapReason.Moved);
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.CheckGap(At(10), next, GapReason.Moved));
    }

    [Fact]
    public void CheckGap_BetweenTwoOtherLogs_IsAHole() =>
        Assert.Equal(DeliveryVerdict.Hole, CursorAt(10).CheckGap(new Position(1, 0, 2, 5), new Position(2, 0, 2, 0), GapReason.Moved));

    [Fact]
    public void CheckGap_TrimmedAcrossGenerations_IsNew() =>
        Assert.Equal(DeliveryVerdict.New, CursorAt(10).CheckGap(At(10), new Position(3, 1, 2, 40), GapReason.Trimmed));

    [Fact]
    public void CheckGap_MovedWithinAGeneration_GoesOnAtTheTop()
    {
        // By edges, and the member has come to another one.
        Position mine = new(2, 0, 1, 10);
        var cursor = new MemberCursor(JoinFrom.After(mine));
        cursor.Joined(mine);
        Position own = new(2, 1, 1, 70);
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(mine, own, GapReason.Moved));
        cursor.TakeGap(mine, own, GapReason.Moved);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(own with { Seq = 71 }, 1));
        Assert.Equal(DeliveryVerdict.Duplicate, cursor.Check(own with { Seq = 70 }, 1));
    }

    [Fact]
    public void Check_FirstMessageOfAnEmptyLog_IsNew()
    {
        var cursor = new MemberCursor(JoinFrom.Live);
        cursor.Joined(default);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(new Position(0, 0, 3, 1), 1));
    }

    private static MemberCursor CursorAt(ulong seq)
    {
        var cursor = new MemberCursor(JoinFrom.After(At(seq)));
        cursor.Joined(At(seq));
        return cursor;
    }

    private static Position At(ulong seq) => new(0, 0, 1, seq);
}
