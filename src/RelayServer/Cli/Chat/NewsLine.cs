namespace RelayServer.Cli.Chat;

/// <summary>A line that tells of the room; not safe for a terminal yet.</summary>
/// <param name="Text">The line.</param>
/// <param name="Tone">How loud it is.</param>
internal readonly record struct NewsLine(string Text, NewsTone Tone = NewsTone.Plain);
