using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>What a line that was typed means: a message, hearts, or a command.</summary>
internal static class TypedLine
{
    private const char CommandSign = '/';
    private const string HeartSign = "<3";

    /// <summary>Reads a line.</summary>
    public static ChatAction Read(string line)
    {
        if (CountHearts(line) is > 0 and int hearts)
        {
            return new ChatAction(ChatActionKind.React) { Count = Math.Min(hearts, ProtocolLimits.ReactionCountMax) };
        }

        if (line.Length == 0 || line[0] != CommandSign)
        {
            return new ChatAction(ChatActionKind.Say) { Text = line };
        }

        return line.Length > 1 && line[1] == CommandSign ? new ChatAction(ChatActionKind.Say) { Text = line } : ReadCommand(line[1..]);
    }

    /// <summary>The command of a name, with its slash or without; null when there is none.</summary>
    public static SlashCommand? Find(string name) =>
        SlashCommands.All.FirstOrDefault(command => command.Name.Equals(name.TrimStart(CommandSign), StringComparison.OrdinalIgnoreCase));

    /// <summary>What to say to a name that no command has.</summary>
    /// <param name="name">With its slash or without.</param>
    /// <param name="services">The services that there are.</param>
    public static string Unknown(string name, IEnumerable<string>? services = null)
    {
        name = name.TrimStart(CommandSign);
        return name.Length == 0 ? "a command comes after the slash; /help lists them, and a line that begins with // is said as it stands"
            : Suggestion.For(name, SlashCommands.All.Select(known => known.Name).Concat(services ?? [])) is { } meant ? $"there is no command /{name}; did you mean /{meant}?"
            : $"there is no command /{name}; /help lists them, // says it as it is";
    }

    /// <summary>The first word of a text, or what stands in quotation marks there, and what comes after it.</summary>
    public static (string Word, string After) Cut(string text)
    {
        text = text.Trim();
        if (text.StartsWith('"') && text.IndexOf('"', 1) is > 0 and int closing)
        {
            return (text[1..closing], text[(closing + 1)..].Trim());
        }

        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, string.Empty) : (text[..space], text[space..].Trim());
    }

    /// <summary>A line for a service, without its slash; null when its first word cannot name one.</summary>
    public static ChatAction? ReadService(string line)
    {
        line = line.TrimStart();
        int end = line.IndexOf(' ', StringComparison.Ordinal);
        string name = (end < 0 ? line : line[..end]).ToLowerInvariant();
        return ServiceName.IsValid(name)
            ? new ChatAction(ChatActionKind.AskService) { Text = $"{CommandSign}{name}{line[name.Length..]}", Service = name }
            : null;
    }

    private static ChatAction ReadCommand(string line)
    {
        (string name, string rest) = Cut(line);
        return Find(name) is { } command
            ? (command.Read(rest) ?? ChatAction.Wrong(command.Complaint(rest))) with { Needs = command.Needs }
            : ReadService(line) ?? ChatAction.Wrong(Unknown(name));
    }

    // "<3", "<3 <3" and "<3<3<3" are hearts; whatever else is in the line makes it a message.
    private static int CountHearts(string line)
    {
        string rest = line.Replace(HeartSign, string.Empty, StringComparison.Ordinal);
        return rest.All(c => c == ' ') ? (line.Length - rest.Length) / HeartSign.Length : 0;
    }
}
