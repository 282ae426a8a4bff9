namespace RelayServer.Cli.Chat;

/// <summary>The folder that the server keeps its data in, and so the token of its first user.</summary>
internal static class ChatDataFolder
{
    /// <summary><c>$RELAY_DATA</c>, else <c>$XDG_DATA_HOME/relay</c>, else <c>~/.local/share/relay</c>.</summary>
    public static string Default(Func<string, string?> environment)
    {
        if (environment("RELAY_DATA") is { Length: > 0 } data)
        {
            return data;
        }

        string root = environment("XDG_DATA_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.Combine(root, "relay");
    }
}
