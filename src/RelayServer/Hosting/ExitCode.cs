namespace RelayServer.Hosting;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done as asked.</summary>
    public const int Done = 0;

    /// <summary>Asked correctly, but it could not be done: a port in use, a fabric out of reach, a failure.</summary>
    public const int Failed = 1;

    /// <summary>Asked wrongly: an unknown command or option, a setting that is not allowed.</summary>
    public const int Usage = 2;
}
