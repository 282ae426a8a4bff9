namespace RelayServer.Cli.Connections;

/// <summary>
/// Exit codes of the commands that connect to a relay, or use the key of one, besides that of wrong usage; their help texts list them.
/// </summary>
internal static class ClientExitCode
{
    public const int Done = 0;

    /// <summary>No relay on the data folder, no edge, or the connection ended for good.</summary>
    public const int Connection = 1;

    /// <summary>A token that cannot be made or read, an unsafe token file, or a token that was refused.</summary>
    public const int Token = 3;

    /// <summary>An input line that cannot be published.</summary>
    public const int Input = 4;

    /// <summary>The relay refused the room, a message or a command.</summary>
    public const int Refused = 5;

    /// <summary>Interrupted before everything was answered.</summary>
    public const int Interrupted = 130;

    /// <summary>The one for a failure of the relay or the network, or of the token that the client asked for.</summary>
    public static int Of(Client.RelayException e) => e switch
    {
        { InnerException: CommandFailureException own } => own.ExitCode,
        { InnerException: Client.RelayException inner } => Of(inner),
        { Family: Protocol.ErrorFamily.SignInAgain } => Token,
        { Family: Protocol.ErrorFamily.Final } => Refused,
        _ => Connection,
    };
}
