namespace RelayServer.Rooms;

/// <summary>Who came and who went, by user id (UTF-8), each in the order of its bytes.</summary>
/// <param name="Joined">Those who came.</param>
/// <param name="Left">Those who went.</param>
public sealed record PresenceChange(IReadOnlyList<byte[]> Joined, IReadOnlyList<byte[]> Left)
{
    /// <summary>Nobody.</summary>
    public static PresenceChange None { get; } = new([], []);

    /// <summary>True when nobody came or went.</summary>
    public bool IsEmpty => Joined.Count == 0 && Left.Count == 0;
}
