using System.Net;
using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Who is kept away is told for how long and why, and of nobody else.</summary>
public sealed class RestrictionTests
{
    [Fact]
    [Trait("Must", "R-BAN-4")]
    public void Refusal_EachKind_HasItsTimeAndItsReason()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Mute("max", 42, "spam"));
        stage.Accepted(Stage.Moderator, RoomControl.Mute("may", 42, "noise"));
        stage.Accepted(Stage.Moderator, RoomControl.Ban("mel", 3600, "fraud"));
        stage.SaveAndLoad();
        stage.NowMilliseconds += 1_500;

        Assert.Equal(Muted("you are muted in this room for 41 s more: spam"), stage.Says("max"));
        Assert.Equal(Muted("you are muted in this room for 41 s more: noise"), stage.State.MayReact("may"u8, Role.Member, stage.NowMilliseconds));
        Assert.Equal(
            new ControlRefusal(ErrorCode.Banned, "you are banned from this room for 60 minutes more: fraud", 3_598_500),
            stage.State.MayJoin("mel"u8, Role.Member, null, stage.NowMilliseconds));
    }

    [Theory]
    [InlineData(1, "1 s")]
    [InlineData(120_000, "120 s")]
    [InlineData(120_001, "3 minutes")]
    [InlineData(7_200_000, "120 minutes")]
    [InlineData(7_200_001, "3 hours")]
    [InlineData(432_000_000, "120 hours")]
    [InlineData(604_800_000, "7 days")]
    public void Refusal_TimeLeft_IsRoundedUpInTheUnitThatIsShort(ulong leftMilliseconds, string left) =>
        Assert.Equal($"you are out for {left} more", new Restriction(1000 + leftMilliseconds, Role.Host).Refuse(ErrorCode.Banned, "you are out", 1000).Text);

    [Fact]
    public void Refusal_LaidOnAgain_HasTheLatestReason()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Mute("max", 60, "spam"));
        stage.Accepted(Stage.Moderator, RoomControl.Mute("max", RoomLimits.ForGoodSeconds));

        Assert.Equal(new ControlRefusal(ErrorCode.Muted, "you are muted in this room for good"), stage.Says("max"));
    }

    [Fact]
    [Trait("Must", "R-BAN-4")]
    public void Refusal_BanOfAddresses_HasTheTimeButNoReason()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Operator, RoomControl.BanAddress("10.0.0.0/8", 60, "mel's other accounts"));

        Assert.Equal(
            new ControlRefusal(ErrorCode.Banned, "you are banned from this room for 60 s more", 60_000),
            stage.State.MayJoin("max"u8, Role.Member, IPAddress.Parse("10.1.2.3"), stage.NowMilliseconds));
    }

    [Fact]
    public void Refusal_LongestReason_IsWithinTheBoundOfATextInAnError()
    {
        var stage = new Stage();
        string reason = new('r', RoomLimits.ReasonBytesMax);
        stage.Accepted(Stage.Moderator, RoomControl.Ban("mel", RoomLimits.ForGoodSeconds - 1, reason));

        ControlRefusal refusal = stage.State.MayJoin("mel"u8, Role.Member, null, stage.NowMilliseconds)!;
        Assert.EndsWith(reason, refusal.Text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(refusal.Text), 1, ProtocolLimits.TextBytesMax);
        Assert.Equal(0u, refusal.RetryAfterMilliseconds);
    }

    [Fact]
    public void Decode_StateFromBeforeThereWereReasons_HasNone()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Moderator, RoomControl.Mute("max", 60));
        byte[] saved = stage.State.Encode();

        // The one mute as it was written then: [user, until, by_role, is_kick].
        int at = saved.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x95, 0xa3, .. "max"u8]);
        int emptyReason = at + saved.AsSpan(at).IndexOf((ReadOnlySpan<byte>)[(byte)Role.Moderator, 0xc2, 0xa0]) + 2;
        saved[at] = 0x94;
        RoomState? state = RoomState.Decode([.. saved[..emptyReason], .. saved[(emptyReason + 1)..]]);

        Assert.Equal("you are muted in this room for 60 s more", state!.MayReact("max"u8, Role.Member, stage.NowMilliseconds)!.Text);
    }

    private static ControlRefusal Muted(string text) => new(ErrorCode.Muted, text, 40_500);
}
