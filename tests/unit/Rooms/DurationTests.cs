using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Durations as people write them.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1s", 1000)]
    [InlineData("1.5s", 1500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7d", 604_800_000)]
    public void TryParse_NumberAndUnit_IsRead(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1 h")]
    [InlineData("1w")]
    [InlineData("1h30m")]
    [InlineData("99999999999d")]
    [InlineData("NaNs")]
    [InlineData("Infinityd")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Duration.TryParse(text, out _));
    }

    [Theory]
    [InlineData("30s", 30u)]
    [InlineData("10m", 600u)]
    [InlineData("1.5h", 5400u)]
    [InlineData("7d", 604_800u)]
    [InlineData("forever", uint.MaxValue)]
    public void TryParseSeconds_Duration_IsRead(string text, uint seconds)
    {
        Assert.True(Duration.TryParseSeconds(text, out uint read));
        Assert.Equal(seconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0s")]
    [InlineData("500ms")]
    [InlineData("spam")]
    public void TryParseSeconds_NoDuration_IsRefused(string text) => Assert.False(Duration.TryParseSeconds(text, out _));

    [Theory]
    [InlineData("500ms")]
    [InlineData("90s")]
    [InlineData("5m")]
    [InlineData("2d")]
    public void Format_WhatWasRead_IsTheSameText(string text)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(text, Duration.Format(duration));
    }
}
