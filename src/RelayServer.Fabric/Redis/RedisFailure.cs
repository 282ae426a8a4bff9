using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>What went wrong with Redis, in an operator's words: the library's own are about its insides.</summary>
internal static class RedisFailure
{
    private const string WrongCredentials = "wrong or missing user or password";

    // What servers answer to a wrong password or none, and the library when it notices that.
    private static readonly string[] CredentialsTexts = ["NOAUTH", "WRONGPASS", "invalid password", "password provided"];

    private static readonly string[] ClauseEnds = [". ", ", ", "; ", " (", "\n"];

    /// <summary>Why a command or an attempt to connect failed.</summary>
    /// <param name="exception">What the library threw.</param>
    /// <param name="timeoutMilliseconds">How long an answer was waited for.</param>
    public static string Describe(Exception exception, int timeoutMilliseconds) => exception is TimeoutException
        ? $"no answer within {timeoutMilliseconds} ms"
        : FindCause(exception)
            ?? (exception is RedisConnectionException connection ? Describe(connection.FailureType) : FirstClause(exception.Message));

    /// <summary>Why a connection was lost.</summary>
    /// <param name="type">How the library calls it.</param>
    /// <param name="exception">What it says of it.</param>
    public static string Describe(ConnectionFailureType type, Exception? exception) =>
        (exception is null ? null : FindCause(exception)) ?? Describe(type);

    private static string? FindCause(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            string? known = cause switch
            {
                AggregateException several => several.InnerExceptions.Select(FindCause).FirstOrDefault(text => text is not null),
                SocketException socket => Describe(socket),
                AuthenticationException tls => $"TLS failure: {tls.Message.TrimEnd('.')}",
                _ when CredentialsTexts.Any(text => cause.Message.Contains(text, StringComparison.OrdinalIgnoreCase)) => WrongCredentials,
                _ => null,
            };
            if (known is not null)
            {
                return known;
            }
        }

        return null;
    }

    private static string Describe(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no such host",
        SocketError.TimedOut => "no answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to it",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection closed",
        _ => FirstClause(exception.Message),
    };

    private static string Describe(ConnectionFailureType type) => type switch
    {
        ConnectionFailureType.UnableToConnect or ConnectionFailureType.UnableToResolvePhysicalConnection => "no connection",
        ConnectionFailureType.SocketClosed or ConnectionFailureType.SocketFailure or ConnectionFailureType.ConnectionDisposed => "connection closed",
        ConnectionFailureType.AuthenticationFailure => WrongCredentials,
        ConnectionFailureType.ProtocolFailure => "it does not answer as Redis does",
        ConnectionFailureType.Loading => "it is still loading its data",
        _ => "no connection",
    };

    private static string FirstClause(string message)
    {
        int end = ClauseEnds.Select(mark => message.IndexOf(mark, StringComparison.Ordinal)).Where(index => index > 0).DefaultIfEmpty(message.Length).Min();
        return message[..end].TrimEnd('.', ' ', '\r');
    }
}
