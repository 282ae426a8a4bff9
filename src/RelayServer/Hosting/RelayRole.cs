namespace RelayServer.Hosting;

/// <summary>What one process is.</summary>
internal enum RelayRole
{
    /// <summary>Everything in one process: a master, the edges and the embedded fabric.</summary>
    Local,

    /// <summary>A master of a scaled deployment.</summary>
    Master,

    /// <summary>An edge of a scaled deployment.</summary>
    Edge,

    /// <summary>The authentication server of a scaled deployment.</summary>
    Auth,

    /// <summary>Services whose updates come from feeds and webhooks, at a relay that runs elsewhere.</summary>
    Subscriptions,
}
