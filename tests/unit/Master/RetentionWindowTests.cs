using RelayServer.Master.Channels;

namespace RelayServer.UnitTests.Master;

/// <summary>Which entries may leave a log.</summary>
public sealed class RetentionWindowTests
{
    [Fact]
    public void Trim_MoreMessagesThanAllowed_WholeEntriesGoFromTheFront()
    {
        var window = new RetentionWindow(messagesMax: 10, ageMillisecondsMax: 1000);
        window.Add(new RetainedEntry(1, 1, 5, 0));
        window.Add(new RetainedEntry(1, 6, 10, 0));
        window.Add(new RetainedEntry(1, 11, 14, 0));
        Assert.Null(window.Trim(0));
        window.Add(new RetainedEntry(1, 15, 15, 0));
        Assert.Equal((1UL, 10UL), window.Trim(0));
        Assert.Equal(5UL, window.TrimmedSeq);
    }

    [Fact]
    public void Trim_EverythingIsOld_TheLastEntryStays()
    {
        var window = new RetentionWindow(10, 1000);
        window.Add(new RetainedEntry(1, 1, 5, 0));
        window.Add(new RetainedEntry(2, 6, 7, 0));
        Assert.Equal((2UL, 7UL), window.Trim(5000));
        Assert.Equal(5UL, window.TrimmedSeq);
        Assert.Null(window.Trim(50_000));
    }

    [Fact]
    public void Trim_ClockGoesBack_NothingGoesForItsAge()
    {
        var window = new RetentionWindow(10, 1000);
        window.Add(new RetainedEntry(1, 1, 1, 9000));
        window.Add(new RetainedEntry(1, 2, 2, 9000));
        Assert.Null(window.Trim(5));
    }

    [Fact]
    public void Add_LogThatBeginsLater_WhatIsBeforeCountsAsTrimmed()
    {
        var window = new RetentionWindow(10, 1000);
        window.Add(new RetainedEntry(3, 101, 110, 0));
        Assert.Equal(100UL, window.TrimmedSeq);
    }

    [Fact]
    public void Trim_OneEntryAboveTheBound_Stays()
    {
        var window = new RetentionWindow(1, 1000);
        window.Add(new RetainedEntry(1, 1, 500, 0));
        Assert.Null(window.Trim(0));
    }
}
