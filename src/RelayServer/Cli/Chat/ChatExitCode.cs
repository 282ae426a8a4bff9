namespace RelayServer.Cli.Chat;

/// <summary>Exit codes of <c>relay chat</c>, besides that of wrong usage; the help text lists them.</summary>
internal static class ChatExitCode
{
    public const int Done = 0;

    /// <summary>No edge, or the connection ended for good.</summary>
    public const int Connection = 1;

    /// <summary>No token, an unsafe token file, or a token that was refused.</summary>
    public const int Token = 3;

    /// <summary>An input line that cannot be published.</summary>
    public const int Input = 4;

    /// <summary>The relay refused the room or a message.</summary>
    public const int Refused = 5;

    /// <summary>Interrupted before every line was acked or given up.</summary>
    public const int Interrupted = 130;
}
