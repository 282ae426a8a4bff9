using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>The authentication server refused something.</summary>
/// <param name="exitCode">How the command ends.</param>
/// <param name="code">The server's code.</param>
/// <param name="message">What to say.</param>
internal sealed class AuthRefusedException(int exitCode, string code, string message) : CommandFailureException(exitCode, message)
{
    /// <summary>The code of a one-time code that was mistyped; another try may be right.</summary>
    public const string WrongCode = "wrong_code";

    /// <summary>The code of an access token that is not accepted.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The code of what is not there.</summary>
    public const string NotFound = "not_found";

    /// <summary>The server's code.</summary>
    public string Code { get; } = code;
}
