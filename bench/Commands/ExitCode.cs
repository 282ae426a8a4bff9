namespace RelayServer.Bench.Commands;

/// <summary>What the program returns.</summary>
internal static class ExitCode
{
    /// <summary>Measured, and nothing wrong with what was delivered.</summary>
    public const int Clean = 0;

    /// <summary>Measured, but something was lost, doubled or out of order, or a budget was exceeded.</summary>
    public const int NotClean = 1;

    /// <summary>Not measured: bad options, or the relay could not be reached.</summary>
    public const int CannotRun = 2;
}
