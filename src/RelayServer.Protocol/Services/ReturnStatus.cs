namespace RelayServer.Protocol;

/// <summary>How a call ended.</summary>
public enum ReturnStatus : byte
{
    /// <summary>As was asked.</summary>
    Done = 0,

    /// <summary>The service does not do that; the text says why.</summary>
    Refused = 1,

    /// <summary>The service could not.</summary>
    Failed = 2,
}
