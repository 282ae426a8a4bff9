using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>What is answered to a command.</summary>
/// <param name="Body">Of the RESULT or ERROR.</param>
/// <param name="IsError">It is an ERROR.</param>
/// <param name="IsFinal">The service has decided: the same command is not tried again, but answered the same.</param>
internal sealed record CommandOutcome(byte[] Body, bool IsError, bool IsFinal)
{
    /// <summary>That it was done.</summary>
    public static CommandOutcome Done(ResultBody result) => new(result.ToBytes(), false, true);

    /// <summary>That it was not, and why.</summary>
    public static CommandOutcome Refused(ErrorBody error)
    {
        byte[] body = new byte[2 * ProtocolLimits.TextBytesMax];
        error.TryEncode(body, out int bytes);
        return new CommandOutcome(body[..bytes], true, error.Code == ErrorCode.CommandRefused);
    }
}
