namespace RelayServer.Adapters.Subscriptions;

/// <summary>What has become of an update.</summary>
/// <param name="State">Where it is.</param>
/// <param name="Reason">With a refusal: why.</param>
public readonly record struct UpdateFate(UpdateState State, string Reason);
