using System.Globalization;
using RelayServer.Cli.Rooms;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class RoomValuesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T20:00:00+01:00", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("12.90", "EUR", 1290)]
    [InlineData("12.9", "EUR", 1290)]
    [InlineData("12", "EUR", 1200)]
    [InlineData("0", "EUR", 0)]
    [InlineData("1500", "JPY", 1500)]
    [InlineData("1.234", "KWD", 1234)]
    public void TryParse_Amount_IsInTheSmallestUnit(string amount, string currency, ulong minor)
    {
        Assert.True(Money.TryParse(amount, currency, out ulong read));
        Assert.Equal(minor, read);
    }

    [Theory]
    [InlineData("", "EUR")]
    [InlineData(".5", "EUR")]
    [InlineData("5.", "EUR")]
    [InlineData("1.234", "EUR")]
    [InlineData("1.5", "JPY")]
    [InlineData("-1", "EUR")]
    [InlineData("1,5", "EUR")]
    [InlineData("1.2.3", "EUR")]
    [InlineData("99999999999999999999", "EUR")]
    public void TryParse_NoAmount_IsRefused(string amount, string currency) => Assert.False(Money.TryParse(amount, currency, out _));

    [Theory]
    [InlineData(1290, "EUR", "12.90 EUR")]
    [InlineData(5, "EUR", "0.05 EUR")]
    [InlineData(0, "EUR", "0.00 EUR")]
    [InlineData(1500, "KRW", "1500 KRW")]
    [InlineData(1234, "BHD", "1.234 BHD")]
    public void Format_Amount_HasTheDecimalsOfItsCurrency(ulong minor, string currency, string expected) =>
        Assert.Equal(expected, Money.Format(minor, currency));

    [Theory]
    [InlineData("+30m", "2026-03-01T20:30:00+01:00")]
    [InlineData("21:15", "2026-03-01T21:15:00+01:00")]
    [InlineData("18:00", "2026-03-02T18:00:00+01:00")]
    [InlineData("2026-05-01T18:00Z", "2026-05-01T18:00:00+00:00")]
    [InlineData("2026-05-01T18:00+02:00", "2026-05-01T16:00:00+00:00")]
    public void TryTime_Time_IsRead(string text, string expected)
    {
        Assert.True(RoomValues.TryTime(text, Now, out DateTimeOffset time));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1")]
    [InlineData("1969-01-01T00:00Z")]
    public void TryTime_NoTime_IsRefused(string text) => Assert.False(RoomValues.TryTime(text, Now, out _));

    [Theory]
    [InlineData("slow_mode_ms=2000", RoomSetting.SlowModeMilliseconds, 2000)]
    [InlineData("slow_mode_ms=2s", RoomSetting.SlowModeMilliseconds, 2000)]
    [InlineData("auto_dwell_seconds=2m", RoomSetting.AutoDwellSeconds, 120)]
    [InlineData("retention_hours=7d", RoomSetting.RetentionHours, 168)]
    [InlineData("frozen=on", RoomSetting.Frozen, 1)]
    [InlineData("frozen=0", RoomSetting.Frozen, 0)]
    [InlineData("speakers=appointed", RoomSetting.Speakers, 1)]
    [InlineData("starts_at_ms=+1h", RoomSetting.StartsAtMilliseconds, 1_772_395_200_000)]
    public void ParseSetting_AsPeopleWriteIt_IsRead(string text, RoomSetting setting, ulong number)
    {
        Assert.Null(RoomValues.ParseSetting(text, Now, out RoomSettingValue value));
        Assert.Equal(new RoomSettingValue(setting, number), value);
    }

    [Theory]
    [InlineData(RoomSetting.SlowModeMilliseconds, 1500, "slow_mode_ms=1500ms")]
    [InlineData(RoomSetting.SlowModeMilliseconds, 2000, "slow_mode_ms=2s")]
    [InlineData(RoomSetting.LinksRefused, 1, "links_refused=on")]
    [InlineData(RoomSetting.Speakers, 2, "speakers=hosts")]
    [InlineData(RoomSetting.ListMembersMax, 5, "list_members_max=5")]
    public void FormatSetting_Value_IsInTheWordsOfPeople(RoomSetting setting, ulong number, string expected) =>
        Assert.Equal(expected, RoomValues.FormatSetting(new RoomSettingValue(setting, number)));

    [Fact]
    public void ToProduct_ChangeOfACard_KeepsTheRest()
    {
        var pinned = new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug");
        Assert.Equal(pinned with { Stock = 39 }, new ProductWords(null, null, null, "39", null).ToProduct("mug", pinned, out _));
        Assert.Equal(pinned with { PriceMinor = 990 }, new ProductWords(null, "9.90", null, null, null).ToProduct("mug", pinned, out _));
        Assert.Null(new ProductWords(null, null, "USD", null, null).ToProduct("mug", pinned, out string? problem));
        Assert.Equal("a price in USD is needed, too: that of 'mug' is in EUR", problem);
        Assert.Null(new ProductWords("Blue mug", null, null, null, null).ToProduct("mug", null, out problem));
        Assert.Equal("no product 'mug' is pinned; a new card needs a title and a price", problem);
    }
}
