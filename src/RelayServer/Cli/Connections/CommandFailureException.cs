namespace RelayServer.Cli.Connections;

/// <summary>Ends the command with a message for the user and an exit code.</summary>
internal class CommandFailureException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
