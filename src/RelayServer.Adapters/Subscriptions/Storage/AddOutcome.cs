namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>What became of items that a source has.</summary>
/// <param name="New">How many were not known.</param>
/// <param name="Queued">How many of those will be sent.</param>
/// <param name="IsFull">True when nothing was taken, because too much waits to be sent.</param>
internal readonly record struct AddOutcome(int New, int Queued, bool IsFull)
{
    /// <summary>Nothing was taken.</summary>
    public static AddOutcome Full { get; } = new(0, 0, true);
}
