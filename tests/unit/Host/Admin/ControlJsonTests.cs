using System.Text;
using RelayServer.Http.Admin;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Host;

/// <summary>Controls as operators write them.</summary>
public sealed class ControlJsonTests
{
    private const uint ForGood = uint.MaxValue;

    public static TheoryData<string, string, string> Good => new()
    {
        { "create", "", Hex(RoomControl.Create("")) },
        { "create", """{"title":"Spring sale","description":"all\nof it","starts_at_ms":1767225600000}""", Hex(RoomControl.Create("Spring sale", "all\nof it", 1767225600000)) },
        { "settings", """{"slow_mode_ms":2000,"title":"Käse","frozen":true}""", Hex(RoomControl.Set(
            new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000), new RoomSettingValue(RoomSetting.Title, 0, "Käse"), new RoomSettingValue(RoomSetting.Frozen, 1))) },
        { "settings", """{"links_refused":false,"speakers":"2"}""", Hex(RoomControl.Set(
            new RoomSettingValue(RoomSetting.LinksRefused, 0), new RoomSettingValue(RoomSetting.Speakers, 2))) },
        { "start", "", Hex(RoomControl.Start()) },
        { "end", "{}", Hex(RoomControl.End()) },
        { "split", """{"mode":"edge"}""", Hex(RoomControl.SplitByEdges()) },
        { "split", """{"mode":"edges"}""", Hex(RoomControl.SplitByEdges()) },
        { "split", """{"groups":8,"mode":"groups"}""", Hex(RoomControl.SplitIntoGroups(8)) },
        { "split", """{"mode":"auto"}""", Hex(RoomControl.SplitAutomatically()) },
        { "merge", " { } ", Hex(RoomControl.Merge()) },
        { "appoint", """{"user":"ben","role":"moderator"}""", Hex(RoomControl.Appoint("ben", Role.Moderator)) },
        { "appoint", """{"user":"ben","role":"none"}""", Hex(RoomControl.Appoint("ben", Role.None)) },
        { "mute", """{"user":"ben","seconds":60,"reason":"loud"}""", Hex(RoomControl.Mute("ben", 60, "loud")) },
        { "mute", """{"user":"ben","seconds":0}""", Hex(RoomControl.Mute("ben", 0)) },
        { "kick", """{"user":"ben"}""", Hex(RoomControl.Kick("ben")) },
        { "ban", """{"user":"ben","seconds":4294967295}""", Hex(RoomControl.Ban("ben", ForGood)) },
        { "ban", """{"address":"203.0.113.0/24","seconds":"60"}""", Hex(RoomControl.BanAddress("203.0.113.0/24", 60)) },
        { "delete", """{"user":"ben","producer_id":"18446744073709551615","number":7}""", Hex(RoomControl.Delete("ben", ulong.MaxValue, 7)) },
        { "notice", """{"text":""}""", Hex(RoomControl.Notice("")) },
        { "product", """{"id":"1","title":"Tea","price_minor":499,"currency":"EUR"}""", Hex(RoomControl.Pin(new RoomProduct("1", "Tea", 499, "EUR", uint.MaxValue, ""))) },
        { "product", """{"id":"1","title":"Tea","price_minor":499,"currency":"EUR","stock":null,"link":"https://shop.example/1"}""", Hex(RoomControl.Pin(new RoomProduct("1", "Tea", 499, "EUR", uint.MaxValue, "https://shop.example/1"))) },
        { "product", """{"id":"1","title":"Tea","price_minor":499,"currency":"EUR","stock":3}""", Hex(RoomControl.Pin(new RoomProduct("1", "Tea", 499, "EUR", 3, ""))) },
        { "product_removed", """{"id":"1"}""", Hex(RoomControl.Unpin("1")) },
        { "purchase", """{"product_id":"1","quantity":2,"buyer":"somebody"}""", Hex(RoomControl.Purchase("1", 2, "somebody")) },
        { "subscribe", """{"topic":"news.headlines"}""", Hex(RoomControl.Subscribe("news.headlines", [])) },
        { "subscribe", """{"topic":"news.headlines","subjects":["world","economy"],"expires_at_ms":5}""", Hex(RoomControl.Subscribe("news.headlines", ["world", "economy"], 5)) },
        { "unsubscribe", """{"topic":"news.headlines"}""", Hex(RoomControl.Unsubscribe("news.headlines")) },
        { "invite", """{"service":"news"}""", Hex(RoomControl.Invite("news")) },
        { "invite", """{"service":"news","invited":0}""", Hex(RoomControl.Invite("news", false)) },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Read_EveryVerb_IsTheControl(string verb, string json, string payload)
    {
        RoomControl? control = ControlJson.Read(verb, Encoding.UTF8.GetBytes(json), out string? problem);

        Assert.Null(problem);
        Assert.Equal(payload, Hex(control!));
    }

    [Fact]
    public void Verbs_All_ReachEveryControl() => Assert.Equal(
        Enum.GetValues<ControlVerb>(),
        Good.Select(row => RoomControl.Decode(Convert.FromHexString(row.Data.Item3), out _)!.Verb).Distinct().Order());

    [Theory]
    [InlineData("merge", "[]", "not one JSON object")]
    [InlineData("merge", "null", "not one JSON object")]
    [InlineData("merge", "{", "not one JSON object")]
    [InlineData("merge", "{} {}", "not one JSON object")]
    [InlineData("merge", "{\"a\":1,}", "not one JSON object")]
    [InlineData("merge", "{} // all", "not one JSON object")]
    [InlineData("kick", "{\"user\":\"a\",\"user\":\"b\"}", "each name once")]
    [InlineData("kick", "{\"user\":\"a\",\"\\u0075ser\":\"b\"}", "each name once")]
    [InlineData("kick", "{\"user\":{\"a\":{\"b\":{\"c\":{}}}}}", "not one JSON object")]
    [InlineData("kick", "{\"user\":\"\\ud800\"}", "user is a text, in Unicode")]
    [InlineData("kick", "{}", "user is missing")]
    [InlineData("kick", "{\"user\":null}", "user is a text")]
    [InlineData("kick", "{\"user\":7}", "user is a text")]
    [InlineData("kick", "{\"user\":\"\"}", "kick: user must be a user id of 1 to 128 bytes; this one is empty")]
    [InlineData("kick", "{\"user\":\"a\",\"why\":\"\"}", "1 names that do not belong here")]
    [InlineData("kick", "{\"User\":\"a\"}", "user is missing")]
    [InlineData("mute", "{\"user\":\"a\"}", "seconds is missing")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":-1}", "seconds is a number from 0 to 4294967295")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":1.5}", "seconds is a number")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":4294967296}", "seconds is a number")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":\" 1\"}", "seconds is a number")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":\"\\ud800\"}", "seconds is a number")]
    [InlineData("mute", "{\"user\":\"a\",\"seconds\":null}", "seconds is a number")]
    [InlineData("ban", "{\"user\":\"a\",\"address\":\"203.0.113.0/24\",\"seconds\":1}", "1 names that do not belong here")]
    [InlineData("ban", "{\"address\":\"0.0.0.0/0\",\"seconds\":1}", "ban_address: range must be an address range")]
    [InlineData("split", "{}", "mode is missing")]
    [InlineData("split", "{\"mode\":\"whole\"}", "mode is edge, groups or auto")]
    [InlineData("split", "{\"mode\":\"groups\"}", "groups is missing")]
    [InlineData("split", "{\"mode\":\"groups\",\"groups\":1}", "split: groups must be 2 to 128")]
    [InlineData("split", "{\"mode\":\"groups\",\"groups\":129}", "split: groups must be 2 to 128")]
    [InlineData("split", "{\"mode\":\"edge\",\"groups\":8}", "1 names that do not belong here")]
    [InlineData("appoint", "{\"user\":\"a\",\"role\":\"king\"}", "role is none, viewer, member, moderator or host")]
    [InlineData("appoint", "{\"user\":\"a\",\"role\":\"operator\"}", "appoint: role must be 0 (none)")]
    [InlineData("settings", "{}", "1 to 32 settings")]
    [InlineData("settings", "{\"slow\":1}", "1 names that do not belong here")]
    [InlineData("settings", "{\"slow_mode_ms\":true}", "slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("settings", "{\"slow_mode_ms\":3600001}", "set: slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("settings", "{\"slow_mode_ms\":\"fast\"}", "slow_mode_ms must be 0 to 3600000 ms")]
    [InlineData("settings", "{\"title\":5}", "title is a text")]
    [InlineData("product", "{\"id\":\"1\",\"title\":\"Tea\",\"price_minor\":1,\"currency\":\"eur\"}", "three capital letters")]
    public void Read_SomethingElse_SaysWhatIsWrong(string verb, string json, string problem)
    {
        Assert.Null(ControlJson.Read(verb, Encoding.UTF8.GetBytes(json), out string? said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesThatAreNoUtf8_SaysSo()
    {
        Assert.Null(ControlJson.Read("notice", (byte[])[.. "{\"text\":\""u8, 0xff, .. "\"}"u8], out string? problem));
        Assert.Contains("in Unicode", problem, StringComparison.Ordinal);
    }

    private static string Hex(RoomControl control) => Convert.ToHexStringLower(control.Encode());
}
