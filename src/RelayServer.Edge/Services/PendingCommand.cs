using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.Edge.Services;

/// <summary>A command of a session that has no answer yet; kept as it was sent, for an owner that may not have heard of it.</summary>
internal sealed class PendingCommand(EdgeSession session, FrameHeader header, byte[] body)
{
    public EdgeSession Session { get; } = session;

    /// <summary>Of the frame that it came in; the answer has its correlation.</summary>
    public FrameHeader Header { get; } = header;

    /// <summary>The body of the COMMAND.</summary>
    public byte[] Body { get; } = body;

    /// <summary>It came as a line of text.</summary>
    public bool IsLine { get; init; }

    /// <summary>Of the service that it is for.</summary>
    public int Slot { get; init; }

    public ulong AskedAtMilliseconds { get; init; }
}
