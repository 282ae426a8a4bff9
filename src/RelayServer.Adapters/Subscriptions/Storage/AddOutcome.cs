namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>What became of items that a source has.</summary>
/// <param name="New">How many were not known.</param>
/// <param name="Queued">How many of those will be sent.</param>
/// <param name="LastNumber">The number of the last update that will be sent; 0 when there is none.</param>
/// <param name="IsFull">True when nothing was taken, because too much waits to be sent.</param>
internal readonly record struct AddOutcome(int New, int Queued, ulong LastNumber = 0, bool IsFull = false)
{
    /// <summary>Nothing was taken.</summary>
    public static AddOutcome Full { get; } = new(0, 0, IsFull: true);
}
