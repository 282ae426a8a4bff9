namespace RelayServer.Rooms;

/// <summary>What strangers wrote, as it may be shown where somebody reads it, in a terminal too.</summary>
public static class TerminalText
{
    private const char Unshown = '\ufffd';

    /// <summary>
    /// The text with control characters made visible, which could move a terminal's cursor or write its title, and so the
    /// invisible ones that turn the direction of what follows.
    /// </summary>
    public static string Safe(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsUnsafe) ? string.Concat(text.Select(letter => IsUnsafe(letter) ? Unshown : letter)) : text;
    }

    private static bool IsUnsafe(char letter) =>
        (char.IsControl(letter) && letter != '\t')
        || letter is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
