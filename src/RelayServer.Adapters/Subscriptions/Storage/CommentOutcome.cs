namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>What a comment came to.</summary>
/// <param name="Item">The item; null when it is not kept.</param>
/// <param name="IsFull">True when the item takes no more comments.</param>
/// <param name="IsFullForUser">True when it takes no more of this user.</param>
internal readonly record struct CommentOutcome(StoredItem? Item, bool IsFull = false, bool IsFullForUser = false);
