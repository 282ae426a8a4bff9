using System.Net;
using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>The authentication server refused something, with a code for programs.</summary>
internal static class AuthRefusal
{
    /// <summary>The failure of a command.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The server's code.</param>
    /// <param name="message">The server's words.</param>
    /// <param name="retryAfterSeconds">When to try again; null when it does not say.</param>
    public static AuthRefusedException Describe(HttpStatusCode status, string code, string message, int? retryAfterSeconds)
    {
        int exitCode = status switch
        {
            HttpStatusCode.Unauthorized => ClientExitCode.Token,
            >= HttpStatusCode.InternalServerError => ClientExitCode.Connection,
            _ => ClientExitCode.Refused,
        };
        string advice = code switch
        {
            "invalid_refresh_token" or "refresh_token_reused" or AuthRefusedException.InvalidToken => "; sign in with 'relay login'",
            "consent_required" => "; allow it with 'relay consent grant SERVICE'",
            _ => retryAfterSeconds is { } seconds ? $"; try again in {seconds} s" : string.Empty,
        };
        return new AuthRefusedException(exitCode, code, message.Replace("; sign in again", string.Empty, StringComparison.Ordinal) + advice);
    }
}
