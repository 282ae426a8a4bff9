namespace RelayServer.Bench.Scenarios;

/// <summary>What the subscriptions scenario has found.</summary>
/// <param name="StoreSeconds">To write them into the store.</param>
/// <param name="LoadSeconds">To read them all and index them, as a master does when it takes over.</param>
/// <param name="IndexBytes">What the index holds in memory.</param>
/// <param name="Receivers">Whom one update is for.</param>
/// <param name="FindMicroseconds">To find them.</param>
/// <param name="ColdSeconds">From sending an update until all have it, none of them in the master's memory.</param>
/// <param name="WarmSeconds">The same for the next update.</param>
internal sealed record SubscriptionsResult(
    double StoreSeconds, double LoadSeconds, long IndexBytes, int Receivers, double FindMicroseconds, double ColdSeconds, double WarmSeconds);
