namespace RelayServer.Edge.Upstream;

/// <summary>How a relay fits to those before it.</summary>
internal enum RelayArrival : byte
{
    /// <summary>The next one.</summary>
    InOrder,

    /// <summary>Some before it were lost.</summary>
    AfterLoss,

    /// <summary>The master knows this edge no longer, or not yet: everything begins at 1.</summary>
    New,

    /// <summary>It was here before.</summary>
    Repeated,
}
