namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>What a like, or taking one back, came to.</summary>
/// <param name="Item">The item; null when it is not kept.</param>
/// <param name="IsChange">False when it was so before.</param>
/// <param name="Likes">How many like it now.</param>
/// <param name="IsFull">True when the item takes no more likes.</param>
internal readonly record struct LikeOutcome(StoredItem? Item, bool IsChange, long Likes, bool IsFull = false);
