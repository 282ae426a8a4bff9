using RelayServer.Cli.Rooms;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class SettingWordsTests
{
    [Fact]
    public void Of_EverySetting_HasWordsOfItsOwn()
    {
        Assert.DoesNotContain(RoomSettings.All, rule => SettingWords.Of(rule.Setting).Length == 0);
        Assert.Equal(RoomSettings.All.Count, RoomSettings.All.Select(rule => SettingWords.Of(rule.Setting)).Distinct().Count());
    }

    [Theory]
    [InlineData(RoomSetting.SlowModeMilliseconds, "0 to 3600000 ms (1h)", "0")]
    [InlineData(RoomSetting.AutoDwellSeconds, "0 to 86400 s (1d)", "60")]
    [InlineData(RoomSetting.ListMembersMax, "0 to 200 members", "100")]
    [InlineData(RoomSetting.Frozen, "on or off", "off")]
    [InlineData(RoomSetting.Speakers, "everyone, appointed or hosts", "everyone")]
    [InlineData(RoomSetting.Title, "a text of at most 200 bytes", null)]
    public void Range_Setting_IsInTheUnitsThatPeopleWrite(RoomSetting setting, string range, string? standard)
    {
        RoomSettingRule rule = RoomSettings.Find(setting)!;
        Assert.Equal((range, standard), (SettingWords.Range(rule), SettingWords.Default(rule)));
    }
}
