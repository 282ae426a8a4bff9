using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>What a JOIN asked for; forgotten once it is answered.</summary>
internal sealed class JoinRequest
{
    public required uint Correlation { get; init; }

    public required JoinStart Start { get; init; }

    /// <summary>Of the last messages, how many.</summary>
    public int LastMessages { get; init; }

    /// <summary>To resume after.</summary>
    public Position Position { get; init; }

    public ulong BeganAtMilliseconds { get; init; }
}
