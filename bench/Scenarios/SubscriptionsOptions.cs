namespace RelayServer.Bench.Scenarios;

/// <summary>What the subscriptions scenario is to do.</summary>
internal sealed record SubscriptionsOptions
{
    /// <summary>Inboxes, each with one subscription.</summary>
    public int Subscriptions { get; init; } = 1_000_000;

    /// <summary>Subjects that they are spread over: an update is for one of so many.</summary>
    public int Subjects { get; init; } = 1000;
}
