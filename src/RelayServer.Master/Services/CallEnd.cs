using RelayServer.Protocol;

namespace RelayServer.Master.Services;

/// <summary>How a call has ended, kept for as long as it takes to tell: what its instance returned, or that none did.</summary>
/// <param name="Code">What is wrong; none when it was done.</param>
/// <param name="Text">For people.</param>
/// <param name="Body">The RETURN that was done; empty for what was not.</param>
internal sealed record CallEnd(ErrorCode Code, byte[] Text, byte[] Body)
{
    public static CallEnd Failed { get; } = new(ErrorCode.InternalError, [.. "the service could not do this; try again later"u8], []);

    public static CallEnd TimedOut { get; } = new(
        ErrorCode.ServiceTimeout, [.. "the service did not answer in time; whether it has done this is not known"u8], []);

    public static CallEnd Unavailable { get; } = new(ErrorCode.ServiceUnavailable, [.. "the service is away; try again later"u8], []);

    public static CallEnd Of(in ReturnBody returned)
    {
        if (returned.Status == ReturnStatus.Done)
        {
            return new CallEnd(ErrorCode.None, returned.Text.ToArray(), returned.ToBytes());
        }

        if (returned.Status != ReturnStatus.Refused)
        {
            return Failed;
        }

        byte[] text = returned.Text.IsEmpty ? [.. "the service does not do this"u8] : ErrorText.Utf8(System.Text.Encoding.UTF8.GetString(returned.Text));
        return new CallEnd(ErrorCode.CommandRefused, text, []);
    }
}
