using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>How positions of a room that may be split compare.</summary>
internal static class PositionExtensions
{
    /// <summary>True when both are places of one log, whose seqs compare.</summary>
    public static bool IsInLogOf(this Position position, Position other) =>
        position.Generation == other.Generation && position.Partition == other.Partition;

    /// <summary>True when who is there has everything up to <paramref name="top"/> that a member has.</summary>
    public static bool Reaches(this Position position, Position top) =>
        position.Generation > top.Generation || (position.IsInLogOf(top) && position.Seq >= top.Seq);
}
