namespace RelayServer.Http.Admin;

/// <summary>An address below <c>/rooms</c>.</summary>
/// <param name="Room">The room's name; null for all rooms.</param>
/// <param name="Action">What follows the name; null when nothing does.</param>
internal sealed record RoomRoute(string? Room, string? Action)
{
    private const string Root = "/rooms";
    private const int PartsMax = 2;

    /// <summary>True when a path is <c>/rooms</c> or below it.</summary>
    public static bool IsBelowRoot(string? path) =>
        path is not null && path.StartsWith(Root, StringComparison.Ordinal) && (path.Length == Root.Length || path[Root.Length] == '/');

    /// <summary>Reads <c>/rooms</c>, <c>/rooms/NAME</c> and <c>/rooms/NAME/ACTION</c>; null for any other.</summary>
    public static RoomRoute? Parse(string path)
    {
        if (path == Root)
        {
            return new RoomRoute(null, null);
        }

        string[] parts = path[(Root.Length + 1)..].Split('/');
        return parts.Length > PartsMax || Array.Exists(parts, string.IsNullOrEmpty) ? null : new RoomRoute(parts[0], parts.ElementAtOrDefault(1));
    }
}
