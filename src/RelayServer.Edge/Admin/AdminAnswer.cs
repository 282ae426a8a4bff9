using RelayServer.Protocol;

namespace RelayServer.Edge;

/// <summary>What a master, or the edge for it, says to an operator's request.</summary>
/// <param name="Code"><see cref="ErrorCode.None"/> when it was done or answered; else why not.</param>
/// <param name="Text">The same for people, in English; empty when there is nothing wrong.</param>
/// <param name="RetryAfterMilliseconds">With a code that says to try again: not before this many milliseconds.</param>
public sealed record AdminAnswer(ErrorCode Code, string Text = "", uint RetryAfterMilliseconds = 0)
{
    /// <summary>Of a control that was done: where in the log it applies, in partition 0 when the room is split.</summary>
    public Position? Position { get; init; }

    /// <summary>Of a query that was answered: the body of the ANSWER.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when it was done or answered.</summary>
    public bool IsDone => Code == ErrorCode.None;
}
