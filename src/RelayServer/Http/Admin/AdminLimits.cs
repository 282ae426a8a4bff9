namespace RelayServer.Http.Admin;

/// <summary>Bounds of requests of operators; those of the edge behind them are settings.</summary>
internal static class AdminLimits
{
    /// <summary>The body of a request, in bytes.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>From the end of the head of a request to that of its body, in milliseconds.</summary>
    public const int BodyTimeoutMilliseconds = 10_000;

    /// <summary>Nesting of objects and arrays in a body.</summary>
    public const int DepthMax = 4;
}
