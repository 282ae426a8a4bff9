namespace RelayServer.Adapters.Subscriptions;

/// <summary>An item that was handed in.</summary>
/// <param name="Item">Names it in its service.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Number">The number of its update; 0 when it was known before and is not sent again.</param>
public sealed record PublishedItem(string Item, string Target, ulong Number);
