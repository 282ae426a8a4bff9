using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

/// <summary>What is asked of the relay to have a subscription last longer.</summary>
public sealed class SubscriptionRenewalTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TopicSubscription[] Subscriptions =
    [
        new("news.headlines", ["local", "sport"], Now.AddMinutes(10), Now.AddHours(-2), "anna"),
        new("news.weather", [], null, Now.AddHours(-2), "anna"),
    ];

    [Theory]
    [InlineData("news.headlines", null, 7_800, "local, sport")]
    [InlineData("news.headlines", 60u, 60, "local, sport")]
    [InlineData("news.headlines", RoomLimits.ForGoodSeconds, 0, "local, sport")]
    [InlineData("news.weather", null, 0, "")]
    [InlineData("news.weather", 60u, 60, "")]
    public void Of_SubscriptionThatThereIs_KeepsItsSubjectsAndLastsFromNow(string topic, uint? seconds, int expectedSeconds, string subjects)
    {
        RoomControl control = SubscriptionRenewal.Of(Subscriptions, topic, seconds, Now)!;
        Assert.Equal((ControlVerb.Subscribe, topic, subjects), (control.Verb, control.Topic, string.Join(", ", control.Subjects)));
        Assert.Equal(expectedSeconds == 0 ? 0UL : (ulong)Now.AddSeconds(expectedSeconds).ToUnixTimeMilliseconds(), control.ExpiresAtMilliseconds);
    }

    [Fact]
    public void Of_SubscriptionThatThereIsNot_IsNothing() => Assert.Null(SubscriptionRenewal.Of(Subscriptions, "news.gossip", null, Now));
}
