using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

public sealed class DeliveryCursorTests
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
        var cursor = new DeliveryCursor(JoinFrom.Live);
        cursor.Joined(At(7));
        Assert.Equal(JoinFrom.After(At(7)), cursor.NextJoin);
    }

    [Fact]
    public void Joined_Again_KeepsOurPosition()
    {
        var cursor = new DeliveryCursor(JoinFrom.Live);
        cursor.Joined(At(7));
        cursor.Take(At(9));
        cursor.Joined(At(12));
        Assert.Equal(At(9), cursor.Have);
    }

    [Fact]
    public void Joined_ResumeTrimmed_WaitsForTheGapNotice()
    {
        var cursor = new DeliveryCursor(JoinFrom.After(At(5)));
        cursor.Joined(At(20));
        Assert.Equal(DeliveryVerdict.Hole, cursor.Check(At(21), 1));
        Assert.Equal(DeliveryVerdict.New, cursor.CheckGap(At(5), At(20), GapReason.Trimmed));
        cursor.Take(At(20));
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
    public void Check_FirstMessageOfAnEmptyLog_IsNew()
    {
        var cursor = new DeliveryCursor(JoinFrom.Live);
        cursor.Joined(default);
        Assert.Equal(DeliveryVerdict.New, cursor.Check(new Position(0, 0, 3, 1), 1));
    }

    private static DeliveryCursor CursorAt(ulong seq)
    {
        var cursor = new DeliveryCursor(JoinFrom.After(At(seq)));
        cursor.Joined(At(seq));
        return cursor;
    }

    private static Position At(ulong seq) => new(0, 0, 1, seq);
}
