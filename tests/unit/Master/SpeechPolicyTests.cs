using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>What was said before decides what may be said: slow mode and unique messages.</summary>
public sealed class SpeechPolicyTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private ulong _number;

    public SpeechPolicyTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    [Trait("Must", "R-SET-2")]
    public void SlowMode_TooSoon_RefusedWithTheTimeLeft()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Accepted("ann", "one");
        _bench.Now += 2000;
        Assert.Equal((ErrorCode.SlowMode, 3000U), Refused("ann", "two"));
        Accepted("ben", "hello");

        // What was refused does not make anybody wait longer.
        _bench.Now += 3000;
        Accepted("ann", "two");
        Assert.Equal((ErrorCode.SlowMode, 5000U), Refused("ann", "three"));
    }

    [Fact]
    public void SlowMode_SameMessageAgain_IsAckedAsItWas()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        ulong number = Accepted("ann", "one");
        _a.Now = _bench.Now;
        _a.Speak(Room, number, "ann", text: "one");
        Assert.Equal(number, Assert.Single(Relay().Acks).Number);
    }

    [Fact]
    public void SlowMode_SwitchedOff_NobodyWaits()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Accepted("ann", "one");
        Set(RoomSetting.SlowModeMilliseconds, 0);
        Accepted("ann", "two");
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Accepted("ann", "three");
        Assert.Equal(ErrorCode.SlowMode, Refused("ann", "four").Code);
    }

    [Theory]
    [InlineData(Role.Service)]
    [InlineData(Role.Operator)]
    public void SlowModeAndUniqueMessages_WhoMayBroadcast_AreNotForHim(Role role)
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Set(RoomSetting.UniqueMessages, 1);
        Accepted("shop", "same", role);
        Accepted("shop", "same", role);
        Accepted("ann", "same");
    }

    [Fact]
    public void UniqueMessages_SaidJustNow_IsFilteredForAnybody()
    {
        Set(RoomSetting.UniqueMessages, 1);
        Accepted("ann", "Buy now");
        Assert.Equal((ErrorCode.Filtered, 0U), Refused("ann", "Buy now"));
        Assert.Equal((ErrorCode.Filtered, 0U), Refused("ben", "buy  NOW"));
        Accepted("ben", "no");
    }

    [Fact]
    public void UniqueMessages_TextThatSlowModeRefused_IsNotCountedAsSaid()
    {
        Set(RoomSetting.UniqueMessages, 1);
        Set(RoomSetting.SlowModeMilliseconds, 1000);
        Accepted("ann", "one");
        Assert.Equal(ErrorCode.SlowMode, Refused("ann", "two").Code);
        Accepted("ben", "two");
        _bench.Now += 500;
        Assert.Equal(ErrorCode.Filtered, Refused("ben", "one").Code);
        _bench.Now += 500;

        // Neither does what the filter refused make anybody wait.
        Accepted("ben", "three");
    }

    [Fact]
    public void UniqueMessages_DataIsNotText_IsTaken()
    {
        Set(RoomSetting.UniqueMessages, 1);
        _a.Now = _bench.Now;
        _a.Publish(Room, ++_number);
        _a.Publish(Room, ++_number);
        Assert.Equal(2, Relay().Acks.Count);
    }

    [Fact]
    public void Policy_SeveralSettingsWrong_TheRoomsStateComesFirst()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Accepted("ann", "one");
        Set(RoomSetting.Frozen, 1);
        Assert.Equal(ErrorCode.NotOpen, Refused("ann", "two").Code);
    }

    [Fact]
    [Trait("Must", "R-CTRL-4")]
    public void Ephemeral_SlowModeOrControl_IsRefusedToo()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        _a.Publish(Room, ++_number, user: "ann", flags: FrameFlags.Ephemeral);
        Assert.Equal(1, Relay().Ephemerals);
        _a.Publish(Room, ++_number, user: "ann", flags: FrameFlags.Ephemeral);
        Assert.Equal(ErrorCode.SlowMode, Assert.Single(Relay().Refusals).Code);
        _a.Control(Room, RoomControl.Start(), ++_number, flags: FrameFlags.Ephemeral);
        Assert.Equal(ErrorCode.BadFlags, Assert.Single(Relay().Refusals).Code);
    }

    [Fact]
    [Trait("Must", "R-SET-3")]
    public void Ephemeral_SlowMode_TakesNoMessagesTurn()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Assert.Null(Type("ann"));
        Accepted("ann", "one");
        _bench.Now += 1000;
        Assert.Equal((ErrorCode.SlowMode, 4000U), Type("ann"));
        Assert.Equal((ErrorCode.SlowMode, 4000U), Refused("ann", "two"));
        _bench.Now += 4000;
        Assert.Null(Type("ann"));
        Accepted("ann", "two");
    }

    [Fact]
    [Trait("Must", "R-SET-3")]
    public void Ephemeral_SlowMode_HasAPauseOfItsOwn()
    {
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Assert.Null(Type("ann"));
        _bench.Now += 2000;
        Assert.Equal((ErrorCode.SlowMode, 3000U), Type("ann"));

        // The later end of the two counts.
        Accepted("ann", "one");
        Assert.Equal((ErrorCode.SlowMode, 5000U), Type("ann"));
        _bench.Now += 5000;
        Assert.Null(Type("ann"));
        Set(RoomSetting.SlowModeMilliseconds, 0);
        Assert.Null(Type("ann"));
        Set(RoomSetting.SlowModeMilliseconds, 5000);
        Assert.Null(Type("ann"));
    }

    public void Dispose() => _bench.Dispose();

    private void Set(RoomSetting setting, ulong value)
    {
        _a.Control(Room, RoomControl.Set(setting, value), ++_number);
        Assert.Empty(Relay().Refusals);
    }

    private ulong Accepted(string user, string text, Role role = Role.Member)
    {
        RelayView relay = Say(user, text, role);
        Assert.Empty(relay.Refusals);
        Assert.Equal(_number, Assert.Single(relay.Acks).Number);
        return _number;
    }

    private (ErrorCode Code, uint RetryMilliseconds) Refused(string user, string text)
    {
        RelayView relay = Say(user, text, Role.Member);
        Assert.Empty(relay.Acks);
        (uint _, ErrorCode code, uint retryMilliseconds, string _) = Assert.Single(relay.Refusals);
        return (code, retryMilliseconds);
    }

    // Null when it was relayed.
    private (ErrorCode Code, uint RetryMilliseconds)? Type(string user)
    {
        _a.Now = _bench.Now;
        _a.Publish(Room, 0, user: user, flags: FrameFlags.Ephemeral);
        RelayView relay = Relay();
        Assert.Equal(1, relay.Ephemerals + relay.Refusals.Count);
        return relay.Refusals is [(_, ErrorCode code, uint retryMilliseconds, _)] ? (code, retryMilliseconds) : null;
    }

    private RelayView Say(string user, string text, Role role)
    {
        _a.Now = _bench.Now;
        _a.Speak(Room, ++_number, user, role, text: text);
        return Relay();
    }

    private RelayView Relay()
    {
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        return relay;
    }
}
