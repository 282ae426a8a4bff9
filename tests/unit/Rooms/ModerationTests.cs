using System.Net;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Who may act against whom, and what it does.</summary>
public sealed class ModerationTests
{
    // From the highest down, with a peer of some; each acts against all of lower ranks, none against itself, its like, or those above.
    private static readonly (string User, int Rank)[] Ranks =
    [
        (Stage.Operator, 5), (Stage.Owner, 4), (Stage.Host, 3), ("hilda", 3), (Stage.Moderator, 2), ("milo", 2), (Stage.Member, 1),
    ];

    [Fact]
    [Trait("Must", "R-ROLE-2")]
    public void Apply_EveryPairOfRanks_OnlyTheHigherActsAgainstTheLower()
    {
        foreach ((string actor, int rank) in Ranks[..^1])
        {
            foreach ((string target, int targetRank) in Ranks[1..])
            {
                RoomControl[] acts =
                [
                    RoomControl.Mute(target, 60), RoomControl.Kick(target), RoomControl.Ban(target, 60), RoomControl.Delete(target, 1, 1),
                ];
                foreach (RoomControl act in acts)
                {
                    var stage = new Stage();
                    stage.Accepted(Stage.Owner, RoomControl.Appoint("hilda", Role.Host));
                    stage.Accepted(Stage.Owner, RoomControl.Appoint("milo", Role.Moderator));
                    bool isOwnMessage = actor == target && act.Verb == ControlVerb.Delete;
                    ErrorCode? expected = rank > targetRank || isOwnMessage ? null
                        : actor == target ? ErrorCode.BadArgument
                        : ErrorCode.Forbidden;

                    Assert.True(expected == stage.Apply(actor, act)?.Code, $"{actor} {act.Verb} {target}");
                }
            }
        }
    }

    [Fact]
    [Trait("Must", "R-ROLE-1")]
    public void Apply_ByAMember_IsForbidden()
    {
        var stage = new Stage();
        RoomControl[] acts =
        [
            RoomControl.Mute("x", 1), RoomControl.Kick("x"), RoomControl.Ban("x", 1), RoomControl.BanAddress("10.0.0.0/8", 1), RoomControl.Delete("x", 1, 1),
            RoomControl.Delete(Stage.Member, 1, 1), RoomControl.Start(), RoomControl.End(), RoomControl.Set(RoomSetting.Frozen, 0), RoomControl.Notice("x"),
            RoomControl.SplitByEdges(), RoomControl.Merge(), RoomControl.Appoint(Stage.Member, Role.Host), RoomControl.Unpin("p"),
            RoomControl.Purchase("p", 1), RoomControl.Pin(new RoomProduct("p", "P", 1, "EUR", 1, "")),
        ];
        Assert.All(acts, act => stage.Refused(ErrorCode.Forbidden, Stage.Member, act));
    }

    [Fact]
    [Trait("Must", "R-BAN-3")]
    public void Apply_BanAddress_IsForOperatorsOnly()
    {
        var stage = new Stage();
        stage.Refused(ErrorCode.Forbidden, Stage.Owner, RoomControl.BanAddress("10.0.0.0/8", 60));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.0.0.0/8", 60));
        stage.SaveAndLoad();

        bool IsBanned(string address) => stage.State.MayJoin("anybody"u8, Role.Member, IPAddress.Parse(address), stage.NowMilliseconds) is not null;
        Assert.True(IsBanned("10.1.2.3"));
        Assert.True(IsBanned("::ffff:10.1.2.3"));
        Assert.False(IsBanned("11.1.2.3"));
        Assert.Equal(ErrorCode.Banned, stage.State.MayJoin("anybody"u8, Role.Service, IPAddress.Parse("10.0.0.1"), stage.NowMilliseconds)?.Code);
        Assert.Null(stage.State.MayJoin("root"u8, Role.Operator, IPAddress.Parse("10.0.0.1"), stage.NowMilliseconds));

        stage.Refused(ErrorCode.NotFound, Stage.Operator, RoomControl.BanAddress("10.0.0.0/9", 0));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.99.99.99/8", 0));
        Assert.False(IsBanned("10.1.2.3"));
    }

    [Fact]
    [Trait("Must", "R-BAN-2")]
    public void Apply_Ban_EndsByItself()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Ban(Stage.Member, 60, "spam"));
        stage.SaveAndLoad();

        ControlRefusal? refusal = stage.State.MayJoin(Stage.Id(Stage.Member), Role.Member, null, stage.NowMilliseconds);
        Assert.Equal((ErrorCode.Banned, 60_000u), (refusal!.Code, refusal.RetryAfterMilliseconds));
        Assert.Equal("you are banned from this room for 60 s more: spam", refusal.Text);
        Assert.Equal(ErrorCode.Banned, stage.Says(Stage.Member)?.Code);
        Assert.Equal(ErrorCode.Banned, stage.State.MayReact(Stage.Id(Stage.Member), Role.Member, stage.NowMilliseconds)?.Code);

        stage.NowMilliseconds += 59_999;
        Assert.True(stage.IsBanned(Stage.Member));
        stage.NowMilliseconds += 1;
        Assert.False(stage.IsBanned(Stage.Member));
        Assert.Null(stage.Says(Stage.Member));
    }

    [Fact]
    public void Apply_BanForGood_NeverEnds()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Ban(Stage.Member, RoomLimits.ForGoodSeconds));
        stage.NowMilliseconds = long.MaxValue - 1;

        Assert.True(stage.IsBanned(Stage.Member));
        ControlRefusal refusal = stage.State.MayJoin(Stage.Id(Stage.Member), Role.Member, null, 1)!;
        Assert.Equal(("you are banned from this room for good", 0u), (refusal.Text, refusal.RetryAfterMilliseconds));
    }

    [Fact]
    public void Apply_Kick_KeepsOutForTenSecondsAndSaysSo()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Kick(Stage.Member));
        stage.Accepted(Stage.Moderator, RoomControl.Kick(Stage.Member, "calm down"));
        stage.SaveAndLoad();
        stage.NowMilliseconds += 1;

        ControlRefusal? refusal = stage.State.MayJoin(Stage.Id(Stage.Member), Role.Member, null, stage.NowMilliseconds);
        Assert.Equal((ErrorCode.Kicked, 9_999u), (refusal!.Code, refusal.RetryAfterMilliseconds));
        Assert.Equal("you were put out of this room and stay out for 10 s more: calm down", refusal.Text);
        stage.NowMilliseconds += 9_999;
        Assert.False(stage.IsBanned(Stage.Member));
    }

    [Fact]
    public void Apply_KickOfSomebodyBanned_DoesNotShortenTheBan()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Ban(Stage.Member, 3600));
        stage.Refused(ErrorCode.Conflict, Stage.Owner, RoomControl.Kick(Stage.Member));
        stage.NowMilliseconds += 20_000;

        Assert.True(stage.IsBanned(Stage.Member));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Must", "R-ROLE-2")]
    public void Apply_WhatAHigherRoleLaid_IsNotLiftedByALower(bool mute)
    {
        RoomControl For(uint seconds) => mute ? RoomControl.Mute(Stage.Member, seconds) : RoomControl.Ban(Stage.Member, seconds);
        var stage = new Stage();
        stage.Accepted(Stage.Operator, For(60));
        stage.SaveAndLoad();
        stage.Refused(ErrorCode.Forbidden, Stage.Moderator, For(0));
        stage.Refused(ErrorCode.Forbidden, Stage.Owner, For(0));
        stage.Refused(ErrorCode.Forbidden, Stage.Owner, For(1));
        stage.Accepted(Stage.Operator, For(0));
        stage.Refused(ErrorCode.NotFound, Stage.Operator, For(0));

        stage.Accepted(Stage.Host, For(60));
        stage.Refused(ErrorCode.Forbidden, Stage.Moderator, For(0));
        stage.Accepted(Stage.Owner, For(0));
        stage.Accepted(Stage.Moderator, For(60));
        stage.Accepted(Stage.Host, For(0));
        Assert.False(stage.IsBanned(Stage.Member) || stage.IsMuted(Stage.Member));
    }

    [Fact]
    public void Apply_AgainstOneself_IsABadArgument()
    {
        var stage = new Stage();
        stage.Refused(ErrorCode.BadArgument, Stage.Moderator, RoomControl.Mute(Stage.Moderator, 60));
        stage.Refused(ErrorCode.BadArgument, Stage.Owner, RoomControl.Kick(Stage.Owner));
        stage.Refused(ErrorCode.BadArgument, Stage.Operator, RoomControl.Ban(Stage.Operator, 60));
    }

    [Fact]
    public void Apply_OperatorAgainstTheOwner_IsDone()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Operator, RoomControl.Ban(Stage.Owner, 60));

        Assert.Equal(ErrorCode.Banned, stage.Refused(ErrorCode.Banned, Stage.Owner, RoomControl.End()).Code);
        stage.Refused(ErrorCode.Forbidden, Stage.Host, RoomControl.Ban(Stage.Owner, 0));
    }

    [Fact]
    public void Operator_BannedOrMutedByAHost_IsNotHeldBack()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Ban(Stage.Operator, 60));
        stage.Accepted(Stage.Owner, RoomControl.Mute(Stage.Operator, 60));

        Assert.False(stage.IsBanned(Stage.Operator));
        Assert.Null(stage.State.MayJoin(Stage.Id(Stage.Operator), Role.Operator, null, stage.NowMilliseconds));
        Assert.Null(stage.Says(Stage.Operator));
        stage.Accepted(Stage.Operator, RoomControl.Notice("hello"));
    }

    [Fact]
    [Trait("Must", "R-MUTE-1")]
    public void Apply_MutedModerator_NeitherSpeaksNorPins()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Mute(Stage.Moderator, 60, "spam"));

        Assert.Equal((ErrorCode.Muted, 60_000u), (stage.Says(Stage.Moderator)!.Code, stage.Says(Stage.Moderator)!.RetryAfterMilliseconds));
        ControlRefusal refusal = stage.Refused(ErrorCode.Muted, Stage.Moderator, RoomControl.Notice("hello"));
        Assert.Equal(("you are muted in this room for 60 s more: spam", 60_000u), (refusal.Text, refusal.RetryAfterMilliseconds));
        stage.Refused(ErrorCode.Muted, Stage.Moderator, RoomControl.Pin(new RoomProduct("p", "P", 1, "EUR", 1, "")));
        stage.Accepted(Stage.Moderator, RoomControl.Kick(Stage.Member));
        stage.NowMilliseconds += 60_000;
        Assert.Null(stage.Says(Stage.Moderator));
    }

    [Fact]
    public void Apply_Delete_NamesOneMessageOfOneUser()
    {
        var stage = new Stage();
        Assert.False(stage.State.HasDeleted);
        stage.Accepted(Stage.Moderator, RoomControl.Delete(Stage.Member, ulong.MaxValue, 7));
        stage.SaveAndLoad();

        Assert.True(stage.State.HasDeleted);
        Assert.True(stage.State.IsDeleted(Stage.Id(Stage.Member), ulong.MaxValue, 7));
        Assert.False(stage.State.IsDeleted(Stage.Id("other"), ulong.MaxValue, 7));
        Assert.False(stage.State.IsDeleted(Stage.Id(Stage.Member), ulong.MaxValue, 8));
        Assert.False(stage.State.IsDeleted(Stage.Id(Stage.Member), 1, 7));
        stage.Refused(ErrorCode.Conflict, Stage.Moderator, RoomControl.Delete(Stage.Member, ulong.MaxValue, 7));
    }

    [Fact]
    public void Prune_Deleted_StayAsLongAsTheLogMayHaveThem()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.RetentionHours, 24));
        stage.Accepted(Stage.Moderator, RoomControl.Delete(Stage.Member, 1, 7));

        stage.State.Prune(stage.NowMilliseconds + (24UL * 3_600_000));
        Assert.True(stage.State.HasDeleted);
        Assert.True(stage.State.Prune(stage.NowMilliseconds + (27UL * 3_600_000)));
        Assert.False(stage.State.HasDeleted);
    }

    [Fact]
    public void Prune_DeletedWithoutRetentionOfItsOwn_GoesByTheMasters()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Delete(Stage.Member, 1, 7));

        Assert.False(stage.State.Prune(long.MaxValue));
        Assert.True(stage.State.Prune(stage.NowMilliseconds + 10_000_000, 1000));
        Assert.False(stage.State.HasDeleted);
    }

    [Fact]
    public void Prune_WhatHasEnded_IsForgottenUnderTheSameVersion()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Ban("a", 1));
        stage.Accepted(Stage.Moderator, RoomControl.Mute("b", 1));
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.0.0.0/8", 1));
        stage.Accepted(Stage.Moderator, RoomControl.Ban("c", 2));
        ulong version = stage.State.Version;

        Assert.True(stage.State.Prune(stage.NowMilliseconds + 1000));
        Assert.Equal(["c"], stage.State.Bans.Select(ban => System.Text.Encoding.UTF8.GetString(ban.Key)));
        Assert.Empty(stage.State.Mutes);
        Assert.Empty(stage.State.AddressBans);
        Assert.False(stage.State.Prune(stage.NowMilliseconds + 1000));
        Assert.Equal(version, stage.State.Version);
    }
}
