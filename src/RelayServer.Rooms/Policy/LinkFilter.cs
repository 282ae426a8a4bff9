namespace RelayServer.Rooms;

/// <summary>Finds links in texts.</summary>
public static class LinkFilter
{
    /// <summary>True when a text (UTF-8) has a link.</summary>
    public static bool HasLink(ReadOnlySpan<byte> text) => text.IndexOf("://"u8) >= 0;
}
