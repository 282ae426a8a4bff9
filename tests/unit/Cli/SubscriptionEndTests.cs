using RelayServer.Cli.Chat;
using RelayServer.Cli.Services;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

/// <summary>Until when a subscription lasts, and who may make one, before the relay is asked.</summary>
public sealed class SubscriptionEndTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("forever", null, 0)]
    [InlineData("30m", null, 1800)]
    [InlineData("7d", null, 604_800)]
    [InlineData(null, "+2h", 7200)]
    [InlineData(null, "2026-05-01T12:30Z", 1800)]
    public void ReadEnd_TimeOrDuration_IsFromNow(string? duration, string? until, int seconds) =>
        Assert.Equal(
            seconds == 0 ? 0UL : (ulong)Noon.AddSeconds(seconds).ToUnixTimeMilliseconds(),
            SubscriptionCommands.ReadEnd([], duration, until, Noon));

    [Theory]
    [InlineData("7d", "18:00", "--for and --until exclude each other")]
    [InlineData("soon", null, "--for soon: expected 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData(null, "later", "--until later: expected ")]
    [InlineData(null, "2026-04-30T12:00Z", "--until 2026-04-30T12:00Z is past")]
    public void ReadEnd_Wrong_SaysWhatToWrite(string? duration, string? until, string expected) =>
        Assert.Contains(expected, Assert.Single(Assert.Throws<SettingsException>(() => SubscriptionCommands.ReadEnd([], duration, until, Noon)).Problems), StringComparison.Ordinal);

    [Fact]
    public void ReadEnd_TimeBehindTheSubjects_IsTakenAsInAChat()
    {
        List<string> subjects = ["sport", "for", "7d"];
        Assert.Equal((ulong)Noon.AddDays(7).ToUnixTimeMilliseconds(), SubscriptionCommands.ReadEnd(subjects, null, null, Noon));
        Assert.Equal(["sport"], subjects);
    }

    [Theory]
    [InlineData("7d", null, "'for' and --for say the same")]
    [InlineData(null, "18:00", "--for and --until exclude each other")]
    public void ReadEnd_TimeBehindTheSubjectsAndAnother_IsRefused(string? duration, string? until, string expected) =>
        Assert.Contains(
            expected,
            Assert.Single(Assert.Throws<SettingsException>(() => SubscriptionCommands.ReadEnd(["sport", "for", "1h"], duration, until, Noon)).Problems),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("subscribe", Role.Member, true, true)]
    [InlineData("subscribe", Role.Member, false, false)]
    [InlineData("invite", Role.Viewer, true, false)]
    [InlineData("uninvite", Role.Moderator, false, true)]
    [InlineData("merge", Role.Member, true, false)]
    [InlineData("service", Role.Viewer, false, true)]
    public void IsFor_SubscriptionsInARoom_DependsOnWhoseItIs(string command, Role role, bool isOpen, bool expected) =>
        Assert.Equal(expected, TypedLine.Find(command)!.IsFor(role, isOpen));
}
