namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>An item that a source has, known already or not.</summary>
/// <param name="Item">What is kept of it.</param>
/// <param name="Subjects">What it is about.</param>
internal sealed record NewItem(StoredItem Item, IReadOnlyList<string> Subjects);
