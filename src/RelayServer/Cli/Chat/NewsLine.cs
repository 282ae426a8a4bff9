namespace RelayServer.Cli.Chat;

/// <summary>A line that tells of the room; not safe for a terminal yet.</summary>
/// <param name="Text">The line.</param>
/// <param name="Tone">How loud it is.</param>
/// <param name="IsContinued">It belongs to the line above, and is drawn in from it.</param>
internal readonly record struct NewsLine(string Text, NewsTone Tone = NewsTone.Plain, bool IsContinued = false)
{
    private const string Indent = "   ";
    private const string Sign = "-- ";

    /// <summary>The line as it stands where nothing else tells what is of the chat and what of the room.</summary>
    public string Indented => IsContinued ? Indent + Text : Text;

    /// <summary>The same with the sign by which a window tells it from messages.</summary>
    public string Signed => (IsContinued ? Indent : Sign) + Text;
}
