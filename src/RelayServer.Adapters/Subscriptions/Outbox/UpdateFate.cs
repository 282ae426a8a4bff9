namespace RelayServer.Adapters.Subscriptions.Outbox;

/// <summary>What became of an update.</summary>
/// <param name="IsSent">True when the relay has it, false when it refused it for good.</param>
/// <param name="Reason">With a refusal: why.</param>
internal sealed record UpdateFate(bool IsSent, string Reason);
