using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A message that was in the log at some time: who sent it, and what the log's end was before its entry.</summary>
internal sealed record CommittedMessage(MessageName Name, MessageKind Kind, Position At, Position EntryFollows, ulong EntryFirstSeq)
{
    public required byte[] Payload { get; init; }

    /// <summary>When its entry was made.</summary>
    public required ulong AtMilliseconds { get; init; }

    /// <summary>The generation that begins where this message ends its own; null when it does not.</summary>
    public SplitNotice? Ends =>
        Kind == MessageKind.Split && SplitNotice.Decode(Payload) is { } notice && notice.To.Generation > At.Generation ? notice : null;
}
