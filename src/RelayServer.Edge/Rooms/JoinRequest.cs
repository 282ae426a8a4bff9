using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>What a JOIN asked for; forgotten once it is answered.</summary>
internal sealed class JoinRequest
{
    /// <summary>Answers of the owner to wait for at most before it is judged: the first may be to an earlier question.</summary>
    public const int AnswersMax = 2;

    public required uint Correlation { get; init; }

    public required JoinStart Start { get; init; }

    /// <summary>Of the last messages, how many.</summary>
    public int LastMessages { get; init; }

    /// <summary>To resume after.</summary>
    public Position Position { get; init; }

    /// <summary>An observer's positions in other partitions.</summary>
    public Position[] Positions { get; init; } = [];

    public ulong BeganAtMilliseconds { get; init; }

    /// <summary>How often the owner has told the tops since.</summary>
    public int Answers { get; set; }
}
