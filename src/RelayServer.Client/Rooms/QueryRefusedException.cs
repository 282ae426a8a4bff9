using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>The relay refused a question: inside the library, where it may be asked again.</summary>
internal sealed class QueryRefusedException(ErrorCode code, string text, TimeSpan retryAfter) : Exception(text)
{
    public ErrorCode Code { get; } = code;

    public TimeSpan RetryAfter { get; } = retryAfter;
}
