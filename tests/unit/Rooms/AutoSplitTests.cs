using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class AutoSplitTests
{
    private const ulong Dwelt = 60_000;

    // Members, messages in a second, groups that the defaults make of it: split from 2,000 or 50 on, 500 to a group.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1999, 49, 0)]
    [InlineData(2000, 0, 4)]
    [InlineData(2001, 0, 5)]
    [InlineData(100_000, 0, 128)]
    [InlineData(uint.MaxValue, uint.MaxValue, 128)]
    [InlineData(600, 50, 2)]
    [InlineData(10, 50, 2)]
    [InlineData(1, 1000, 0)]
    public void Decide_WholeRoom_IsSplitFromTheThresholdsOn(uint members, uint messages, int groups)
    {
        AutoSplitDecision decision = AutoSplit.Decide(new Stage().State, members, messages, Dwelt);

        Assert.Equal(groups == 0 ? default : new AutoSplitDecision(AutoSplitAction.Split, groups), decision);
    }

    [Theory]
    [InlineData(1000, 10, true)]
    [InlineData(1001, 10, false)]
    [InlineData(1000, 11, false)]
    [InlineData(0, 0, true)]
    public void Decide_SplitRoom_IsMergedWhenBothAreLow(uint members, uint messages, bool merges)
    {
        RoomState state = new Stage().State;
        state.Begin(Partitioning.ByEdges(1, ["e"]));

        Assert.Equal(new AutoSplitDecision(merges ? AutoSplitAction.Merge : AutoSplitAction.None), AutoSplit.Decide(state, members, messages, Dwelt));
    }

    [Fact]
    public void Decide_WithinTheDwellTime_DoesNothing()
    {
        RoomState state = new Stage().State;
        Assert.Equal(default, AutoSplit.Decide(state, 5000, 500, Dwelt - 1));
        state.Begin(Partitioning.ByEdges(1, ["e"]));
        Assert.Equal(default, AutoSplit.Decide(state, 0, 0, Dwelt - 1));
    }

    [Fact]
    public void Decide_ThresholdThatIsOff_NeitherSplitsNorHoldsApart()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.AutoSplitMessagesPerSecond, 0));
        Assert.Equal(default, AutoSplit.Decide(stage.State, 1999, 100_000, Dwelt));
        stage.State.Begin(Partitioning.ByEdges(1, ["e"]));
        Assert.Equal(AutoSplitAction.Merge, AutoSplit.Decide(stage.State, 10, 100_000, Dwelt).Action);
    }

    [Fact]
    public void Decide_AnyLoadThatStays_IsNotSplitAndMergedInTurns()
    {
        RandomTests.Check(500, FsCheck.Fluent.Gen.Zip(FsCheck.Fluent.Gen.Choose(0, 5000), FsCheck.Fluent.Gen.Choose(0, 200)), load =>
        {
            RoomState state = new Stage().State;
            if (AutoSplit.Decide(state, (uint)load.Item1, (uint)load.Item2, Dwelt).Action == AutoSplitAction.Split)
            {
                state.Begin(Partitioning.ByEdges(1, ["e"]));
                Assert.Equal(default, AutoSplit.Decide(state, (uint)load.Item1, (uint)load.Item2, Dwelt));
            }
        });
    }
}
