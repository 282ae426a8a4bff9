namespace RelayServer.Client;

/// <summary>One change of a client's state.</summary>
/// <param name="State">The new state.</param>
/// <param name="Endpoint">The edge it concerns, when there is one.</param>
/// <param name="UserId">With <see cref="RelayClientState.Connected"/>: who the token says we are.</param>
/// <param name="RetryIn">With <see cref="RelayClientState.Waiting"/>: how long until the next attempt.</param>
/// <param name="Error">Why the connection ended, when it did.</param>
public sealed record RelayStateChange(
    RelayClientState State,
    RelayEndpoint? Endpoint = null,
    string? UserId = null,
    TimeSpan? RetryIn = null,
    RelayException? Error = null);
