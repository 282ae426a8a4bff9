using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>From a room that is just there to one that has ended, and who speaks when.</summary>
public sealed class RoomLifeTests
{
    [Fact]
    public void New_Room_IsOpenWholeAndNobodys()
    {
        var state = new RoomState();

        Assert.Equal(0UL, state.Version);
        Assert.Equal(BroadcastState.Open, state.State);
        Assert.Equal("", state.Owner);
        Assert.False(state.IsOwner([]));
        Assert.Equal((0UL, SplitMode.Whole, 1), (state.Current.Generation, state.Current.Mode, state.Current.Count));
        Assert.Null(state.MaySpeak(Stage.Id("anybody"), Role.None, MessageKind.Text, "hi"u8, 0));
    }

    [Fact]
    public void Apply_Create_MakesTheActorOwner()
    {
        var stage = new Stage(live: false);

        Assert.Equal(BroadcastState.Scheduled, stage.State.State);
        Assert.Equal(
            (Stage.Owner, "Spring sale", "Shoes\nand hats", 1_000UL),
            (stage.State.Owner, stage.State.Title, stage.State.Description, stage.State.StartsAtMilliseconds));
        Assert.Equal(Role.Host, stage.State.RoleOf(Stage.Id(Stage.Owner), Role.Member));
    }

    [Fact]
    public void Apply_CreateAgain_IsAConflictForEverybody()
    {
        var stage = new Stage();

        stage.Refused(ErrorCode.Conflict, Stage.Member, RoomControl.Create("mine"));
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.Create("mine"));
        stage.Refused(ErrorCode.Conflict, Stage.Operator, RoomControl.Create("mine"));
    }

    [Fact]
    public void Apply_CreateOfAnOpenRoomInOperatorsHands_IsTheirs()
    {
        var state = new RoomState();
        Assert.Null(state.Apply(RoomControl.Set(RoomSetting.Frozen, 1), Stage.Id("root"), Role.Operator, 1));

        Assert.Equal(ErrorCode.Forbidden, state.Apply(RoomControl.Create("mine"), Stage.Id("max"), Role.Member, 2)?.Code);
        Assert.Null(state.Apply(RoomControl.Create("ours"), Stage.Id("root"), Role.Operator, 3));
    }

    [Fact]
    public void Apply_End_KeepsItsTime()
    {
        var stage = new Stage(live: false);
        stage.NowMilliseconds = 5_000_000;
        stage.Accepted(Stage.Host, RoomControl.Start());
        stage.NowMilliseconds = 6_000_000;
        stage.Accepted(Stage.Owner, RoomControl.End());

        Assert.Equal(6_000_000UL, stage.State.EndedAtMilliseconds);
        Assert.Equal(BroadcastState.Ended, stage.State.State);
    }

    [Fact]
    public void Apply_LifeOutOfOrder_IsAConflict()
    {
        var open = new RoomState();
        Assert.Equal(ErrorCode.Conflict, open.Apply(RoomControl.Start(), Stage.Id("root"), Role.Operator, 1)?.Code);
        Assert.Equal(ErrorCode.Conflict, open.Apply(RoomControl.End(), Stage.Id("root"), Role.Operator, 1)?.Code);

        var stage = new Stage();
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.Start());
        stage.Accepted(Stage.Owner, RoomControl.End());
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.End());
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.Start());
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.SplitByEdges());
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.SplitAutomatically());
    }

    [Fact]
    public void Apply_EndOfAScheduledRoom_CancelsIt()
    {
        var stage = new Stage(live: false);
        stage.Accepted(Stage.Owner, RoomControl.End());

        Assert.Equal(BroadcastState.Ended, stage.State.State);
    }

    [Fact]
    [Trait("Must", "R-LIFE-1")]
    public void MaySpeak_Scheduled_IsForThoseWhoPrepare()
    {
        var stage = new Stage(live: false);

        Assert.Equal(ErrorCode.NotOpen, stage.Says(Stage.Member)?.Code);
        Assert.Equal(ErrorCode.NotOpen, stage.State.MayReact(Stage.Id(Stage.Member), Role.Viewer, 1)?.Code);
        Assert.All([Stage.Owner, Stage.Host, Stage.Moderator, Stage.Service, Stage.Operator], user => Assert.Null(stage.Says(user)));
    }

    [Fact]
    [Trait("Must", "R-LIFE-1")]
    public void MaySpeak_Ended_IsForNobody()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.End());

        Assert.All([Stage.Member, Stage.Owner, Stage.Service, Stage.Operator], user =>
        {
            Assert.Equal(ErrorCode.NotOpen, stage.Says(user)?.Code);
            Assert.Equal(ErrorCode.NotOpen, stage.State.MayReact(Stage.Id(user), Stage.TokenRole(user), 1)?.Code);
        });
    }

    [Fact]
    public void Apply_Set_ChangesWhatIsListed()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Host, RoomControl.Set(
            new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000),
            new RoomSettingValue(RoomSetting.Title, 0, "Sale!"),
            new RoomSettingValue(RoomSetting.Description, 0, "More"),
            new RoomSettingValue(RoomSetting.StartsAtMilliseconds, 77)));
        stage.SaveAndLoad();

        Assert.Equal(2000UL, stage.State[RoomSetting.SlowModeMilliseconds]);
        Assert.Equal(50UL, stage.State[RoomSetting.NoticesMembersMax]);
        Assert.Equal(77UL, stage.State[RoomSetting.StartsAtMilliseconds]);
        Assert.Equal(("Sale!", "More"), (stage.State.Title, stage.State.Description));
        Assert.Equal([new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000)], stage.State.Settings);
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.State[RoomSetting.Title]);
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.State[(RoomSetting)99]);
    }

    [Fact]
    public void Apply_SplitAtOrBelowMerge_IsRefused()
    {
        var stage = new Stage();
        stage.Refused(ErrorCode.BadArgument, Stage.Owner, RoomControl.Set(RoomSetting.AutoSplitMembers, 1000));
        stage.Refused(ErrorCode.BadArgument, Stage.Owner, RoomControl.Set(RoomSetting.AutoMergeMessagesPerSecond, 50));

        stage.Accepted(Stage.Owner, RoomControl.Set(
            new RoomSettingValue(RoomSetting.AutoSplitMembers, 100), new RoomSettingValue(RoomSetting.AutoMergeMembers, 99)));
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.AutoSplitMembers, 0));
    }

    [Fact]
    public void Apply_AnyChange_MakesTheVersionGrow()
    {
        var stage = new Stage();
        RoomControl[] changes =
        [
            RoomControl.Set(RoomSetting.Frozen, 1), RoomControl.Mute("x", 5), RoomControl.Ban("x", 5), RoomControl.Kick("y"),
            RoomControl.Delete("x", 1, 2), RoomControl.Notice("hi"), RoomControl.Appoint("z", Role.Member), RoomControl.SplitAutomatically(),
            RoomControl.Pin(new RoomProduct("p", "P", 1, "EUR", 1, "")), RoomControl.Unpin("p"), RoomControl.End(),
        ];
        foreach (RoomControl change in changes)
        {
            ulong before = stage.State.Version;
            stage.Accepted(Stage.Owner, change);
            Assert.Equal(before + 1, stage.State.Version);
        }
    }

    [Fact]
    public void Check_WhatWouldBeDone_ChangesNothing()
    {
        var stage = new Stage();
        byte[] before = stage.State.Encode();

        Assert.Null(stage.State.Check(RoomControl.End(), Stage.Id(Stage.Owner), Role.Member, 1));
        Assert.Equal(ErrorCode.Forbidden, stage.State.Check(RoomControl.End(), Stage.Id(Stage.Member), Role.Member, 1)?.Code);
        Assert.Equal(before, stage.State.Encode());
    }
}
