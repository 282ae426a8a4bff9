namespace RelayServer.Client;

/// <summary>Where a <see cref="RelayClient"/> stands.</summary>
public enum RelayClientState
{
    /// <summary>Made, not connected yet.</summary>
    Created,

    /// <summary>Connecting to an edge and signing in.</summary>
    Connecting,

    /// <summary>Signed in; channels are joined or being resumed.</summary>
    Connected,

    /// <summary>The connection was lost; waiting before the next attempt.</summary>
    Waiting,

    /// <summary>Ended for good: disposed, or refused with a final code.</summary>
    Closed,
}
