using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Something that is to be said about a subscription.</summary>
/// <param name="Event">What has come to pass.</param>
/// <param name="Subscription">Of which.</param>
public readonly record struct SubscriptionNotice(SubscriptionEvent Event, Subscription Subscription);
