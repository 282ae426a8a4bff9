using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Splits, merges and the list of generations.</summary>
public sealed class GenerationTests
{
    [Fact]
    public void Begin_Next_BecomesTheCurrentOne()
    {
        var stage = new Stage();
        ulong version = stage.State.Version;

        Assert.Empty(stage.State.Begin(Partitioning.ByEdges(1, ["a", "b"])));
        stage.SaveAndLoad();
        Assert.Equal((1UL, SplitMode.Edges, 2), (stage.State.Current.Generation, stage.State.Current.Mode, stage.State.Current.Count));
        Assert.Equal(version + 1, stage.State.Version);
        Assert.Equal(SplitMode.Whole, stage.State.Generation(0)?.Mode);
        Assert.Same(stage.State.Current, stage.State.Generation(1));
        Assert.Null(stage.State.Generation(2));
        Assert.Null(stage.State.Generation(ulong.MaxValue));
    }

    [Fact]
    public void Begin_AnotherThanTheNext_IsAnErrorOfTheCaller()
    {
        var state = new RoomState();

        Assert.Throws<ArgumentOutOfRangeException>(() => state.Begin(Partitioning.Whole(0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Begin(Partitioning.Whole(2)));
    }

    [Fact]
    public void Begin_MoreThanAreListed_TellsWhichFellOff()
    {
        var state = new RoomState();
        var fallen = new List<ulong>();
        for (ulong generation = 1; generation <= 40; generation++)
        {
            fallen.AddRange(state.Begin(generation % 2 == 0 ? Partitioning.Whole(generation) : Groups(generation)).Select(old => old.Generation));
            Assert.InRange(state.Generations.Count, 1, 32);
            Assert.Equal(generation, state.Current.Generation);
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(generation => (ulong)generation), fallen);
        Assert.Equal(Enumerable.Range(9, 32).Select(generation => (ulong)generation), state.Generations.Select(old => old.Generation));
        Assert.Null(state.Generation(8));
        Assert.Equal(9UL, state.Generation(9)?.Generation);
    }

    [Fact]
    public void Begin_ManyBytesOfEdges_DropsTheOldestEarlier()
    {
        var state = new RoomState();
        string[] edges = [.. Enumerable.Range(0, 128).Select(i => i.ToString("D128", null))];
        int fallen = 0;
        for (ulong generation = 1; generation <= 10; generation++)
        {
            fallen += state.Begin(Partitioning.ByEdges(generation, edges)).Count;
        }

        Assert.Equal(3, state.Generations.Count);
        Assert.Equal(8, fallen);
    }

    [Fact]
    public void AddEdge_NotListed_GetsAPartitionOfItsOwn()
    {
        var state = new RoomState();
        Assert.False(state.AddEdge("a"));
        state.Begin(Partitioning.ByEdges(1, ["a"]));

        Assert.False(state.AddEdge("a"));
        Assert.True(state.AddEdge("b"));
        Assert.Equal(1u, state.Current.PartitionOfEdge("b"));
        Assert.Equal(2UL, state.Version);

        for (int i = state.Current.Count; i < Partitioning.PartitionsMax; i++)
        {
            Assert.True(state.AddEdge("e" + i));
        }

        Assert.False(state.AddEdge("one-more"));
        Assert.InRange(state.Current.PartitionOf("u"u8, "one-more"), 0u, 127u);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Apply_SplitOfASplitRoom_IsAConflict()
    {
        var stage = new Stage();
        stage.Refused(ErrorCode.Conflict, Stage.Moderator, RoomControl.Merge());
        stage.Accepted(Stage.Moderator, RoomControl.SplitIntoGroups(2));
        stage.State.Begin(Groups(1));

        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.SplitByEdges());
        stage.Refused(ErrorCode.Conflict, Stage.Operator, RoomControl.SplitIntoGroups(3));
        stage.Accepted(Stage.Moderator, RoomControl.Merge());
        stage.State.Begin(Partitioning.Whole(2));
        stage.Refused(ErrorCode.Conflict, Stage.Moderator, RoomControl.Merge());
    }

    [Fact]
    public void Apply_Auto_LastsUntilSomebodySwitchesByHand()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.SplitAutomatically());
        stage.SaveAndLoad();
        Assert.True(stage.State.PolicyAuto);
        stage.State.Begin(Groups(1));
        Assert.True(stage.State.PolicyAuto);
        stage.Accepted(Stage.Moderator, RoomControl.SplitAutomatically());

        stage.Accepted(Stage.Moderator, RoomControl.Merge());
        Assert.False(stage.State.PolicyAuto);
        stage.State.Begin(Partitioning.Whole(2));
        stage.Accepted(Stage.Moderator, RoomControl.SplitAutomatically());
        stage.Accepted(Stage.Moderator, RoomControl.SplitByEdges());
        Assert.False(stage.State.PolicyAuto);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Apply_MergeOfAWholeRoomThatSplitsByItself_EndsThatAndNothingElse()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.SplitAutomatically());
        ulong version = stage.State.Version;
        stage.Accepted(Stage.Moderator, RoomControl.Merge());
        Assert.False(stage.State.PolicyAuto);
        Assert.Equal((version + 1, 0UL), (stage.State.Version, stage.State.Current.Generation));
        stage.Refused(ErrorCode.Conflict, Stage.Moderator, RoomControl.Merge());
    }

    private static Partitioning Groups(ulong generation)
    {
        var map = new byte[MemberBucket.Count];
        map[0] = 1;
        return Partitioning.ByGroups(generation, 2, map);
    }
}
