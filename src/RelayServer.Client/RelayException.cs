using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>The relay refused something, or the connection failed; <see cref="Code"/> says which.</summary>
public sealed class RelayException : Exception
{
    /// <summary>An error without a code or a text of the relay's.</summary>
    public RelayException()
        : this(ErrorCode.None, "the connection to the relay failed")
    {
    }

    /// <summary>An error without a code.</summary>
    public RelayException(string message)
        : this(ErrorCode.None, message)
    {
    }

    /// <summary>An error without a code.</summary>
    public RelayException(string message, Exception? innerException)
        : this(ErrorCode.None, message, innerException)
    {
    }

    /// <summary>An error with a code.</summary>
    public RelayException(ErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => (Code, Text) = (code, message);

    /// <summary>The relay's code; <see cref="ErrorCode.None"/> when the network or this side failed.</summary>
    public ErrorCode Code { get; }

    /// <summary>The relay's words, or those of this side; <see cref="Exception.Message"/> tells the code besides, where the relay refused.</summary>
    public string Text { get; private init; }

    /// <summary>What to do about it.</summary>
    public ErrorFamily Family => Code.Family();

    /// <summary>
    /// With a code 1xxx: how long the relay asks to wait before the same request; with <see cref="ErrorCode.Banned"/>,
    /// <see cref="ErrorCode.Kicked"/> and <see cref="ErrorCode.Muted"/>: how long that lasts. Zero when it does not say.
    /// </summary>
    public TimeSpan RetryAfter { get; private init; }

    internal static RelayException Refused(ErrorCode code, string text, TimeSpan retryAfter = default)
    {
        string words = text.Length > 0 ? text : "refused by the relay";
        return new RelayException(code, $"{words} ({(int)code} {code})") { Text = words, RetryAfter = retryAfter };
    }
}
