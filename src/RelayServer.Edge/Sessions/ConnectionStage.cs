namespace RelayServer.Edge.Sessions;

/// <summary>What a connection counts as.</summary>
internal enum ConnectionStage : byte
{
    /// <summary>On its way to WELCOME, TLS included.</summary>
    Handshake,

    /// <summary>A session.</summary>
    Welcomed,

    /// <summary>Above a limit, and being told.</summary>
    Refused,

    /// <summary>Counts no more.</summary>
    Gone,
}
