using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

public sealed class RoomSettingsTests
{
    // Number, name, least, greatest, default: by hand, from the specification.
    private const string Table = """
        1 slow_mode_ms 0 3600000 0
        2 text_characters_max 0 61440 0
        3 frozen 0 1 0
        4 speakers 0 2 0
        5 retention_messages 0 100000000 0
        6 retention_hours 0 87600 0
        7 notices_members_max 0 200 50
        8 delivery_cap_per_second 0 100000 0
        9 unique_messages 0 1 0
        10 links_refused 0 1 0
        11 auto_split_members 0 1000000 2000
        12 auto_split_messages_per_second 0 1000000 50
        13 auto_target_members 1 1000000 500
        14 auto_merge_members 0 1000000 1000
        15 auto_merge_messages_per_second 0 1000000 10
        16 auto_dwell_seconds 0 86400 60
        18 list_members_max 0 200 100
        32 title 0 200 0
        33 description 0 2000 0
        34 starts_at_ms 0 9223372036854775807 0
        """;

    [Fact]
    public void All_Table_IsTheSpecifications()
    {
        Assert.Equal(
            Table.Split('\n'),
            RoomSettings.All.Select(rule => $"{(int)rule.Setting} {rule.Name} {rule.Minimum} {rule.Maximum} {rule.Default}"));
        Assert.Equal(Enum.GetValues<RoomSetting>(), RoomSettings.All.Select(rule => rule.Setting));
        Assert.Equal(["title", "description"], RoomSettings.All.Where(rule => rule.IsText).Select(rule => rule.Name));
    }

    [Fact]
    [Trait("Must", "R-SET-1")]
    public void Check_EndsOfEachRange_AreInside()
    {
        foreach (RoomSettingRule rule in RoomSettings.All.Where(rule => !rule.IsText))
        {
            Assert.Null(RoomSettings.Check(new RoomSettingValue(rule.Setting, rule.Minimum)));
            Assert.Null(RoomSettings.Check(new RoomSettingValue(rule.Setting, rule.Maximum)));
            Assert.Equal(ErrorCode.BadArgument, RoomSettings.Check(new RoomSettingValue(rule.Setting, rule.Maximum + 1))?.Code);
            Assert.InRange(rule.Default, rule.Minimum, rule.Maximum);
        }
    }

    [Fact]
    public void All_Numbers_HaveABitOfSixtyFour() => Assert.All(RoomSettings.All, rule => Assert.InRange((int)rule.Setting, 1, 63));

    [Fact]
    public void Set_InOneRoom_AnotherHasTheDefaultsAndWhatWasNotSetToo()
    {
        var room = new Stage();
        var other = new Stage();
        foreach (RoomSettingRule rule in RoomSettings.All.Where(rule => !rule.IsText && rule.Setting != RoomSetting.StartsAtMilliseconds))
        {
            Assert.Equal(rule.Default, room.State[rule.Setting]);
        }

        room.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.ListMembersMax, 7));
        room.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.SlowModeMilliseconds, 0));
        Assert.Equal((7UL, 100UL), (room.State[RoomSetting.ListMembersMax], other.State[RoomSetting.ListMembersMax]));
        Assert.Equal(50UL, room.State[RoomSetting.NoticesMembersMax]);

        // What was set to its default was set, and they are told in the order of their numbers.
        Assert.Equal([new(RoomSetting.SlowModeMilliseconds, 0), new(RoomSetting.ListMembersMax, 7)], room.State.Settings);
        Assert.Empty(other.State.Settings);
        room.SaveAndLoad();
        Assert.Equal([new(RoomSetting.SlowModeMilliseconds, 0), new(RoomSetting.ListMembersMax, 7)], room.State.Settings);
        Assert.Throws<ArgumentOutOfRangeException>(() => room.State[RoomSetting.Title]);
        Assert.Throws<ArgumentOutOfRangeException>(() => room.State[(RoomSetting)255]);
    }

    [Theory]
    [InlineData("slow_mode_ms=2000", RoomSetting.SlowModeMilliseconds, 2000)]
    [InlineData(" frozen = 1 ", RoomSetting.Frozen, 1)]
    [InlineData("starts_at_ms=1700000000000", RoomSetting.StartsAtMilliseconds, 1700000000000)]
    public void Parse_Number_IsRead(string text, RoomSetting setting, ulong number)
    {
        Assert.Null(RoomSettings.Parse(text, out RoomSettingValue value));
        Assert.Equal(new RoomSettingValue(setting, number), value);
        Assert.Null(RoomSettings.Parse(RoomSettings.Format(value), out RoomSettingValue again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("title=Spring = sale", "Spring = sale")]
    [InlineData("title=", "")]
    public void Parse_Text_IsAllBehindTheFirstEqualsSign(string text, string title)
    {
        Assert.Null(RoomSettings.Parse(text, out RoomSettingValue value));
        Assert.Equal(new RoomSettingValue(RoomSetting.Title, 0, title), value);
        Assert.Equal(text, RoomSettings.Format(value));
    }

    [Theory]
    [InlineData("slow_mode_ms")]
    [InlineData("=1")]
    [InlineData("speed=1")]
    [InlineData("frozen=yes")]
    [InlineData("frozen=-1")]
    [InlineData("frozen=2")]
    [InlineData("slow_mode_ms=1.5")]
    [InlineData("slow_mode_ms=99999999999999999999")]
    [InlineData("title=\u001b[2J")]
    public void Parse_Nonsense_SaysWhatIsWrong(string text)
    {
        ControlRefusal? refusal = RoomSettings.Parse(text, out _);

        Assert.Equal(ErrorCode.BadArgument, refusal?.Code);
        Assert.InRange(refusal!.Text.Length, 1, ProtocolLimits.TextBytesMax);
    }
}
