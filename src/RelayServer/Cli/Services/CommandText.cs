using System.Globalization;
using RelayServer.Client.Services;
using RelayServer.Rooms;

namespace RelayServer.Cli.Services;

/// <summary>How commands of services are typed.</summary>
internal static class CommandText
{
    /// <summary>How a verb's usage names an item.</summary>
    public const string ItemWord = "#ITEM";
    private const string RestSign = "\u2026";

    /// <summary>What to type for a button: <c>/news comment #3 TEXT</c>. Not safe for a terminal yet.</summary>
    /// <param name="service">Whose card it is.</param>
    /// <param name="action">The button.</param>
    /// <param name="number">The number of the card in this window.</param>
    /// <param name="usage">How the verb is written, as menus say it; null when that is not known.</param>
    public static string Of(string service, CardAction action, int number, string? usage)
    {
        IEnumerable<string> parameters = (usage ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Where(word => word != ItemWord)
            .Skip(action.Arguments.Count)
            .Select(word => word.Replace(RestSign, string.Empty, StringComparison.Ordinal));
        string command = $"/{service} {action.Verb}";
        string arguments = string.Join(' ', [.. action.Arguments.Select(Quote), .. parameters]);
        if (SubscriptionWords.IsVerb(action.Verb))
        {
            // The relay's own, and about a topic.
            return $"{command} {arguments}".TrimEnd();
        }

        // Two buttons of one verb are told apart by what they say.
        string line = $"{command} #{number.ToString(CultureInfo.InvariantCulture)} {arguments}".TrimEnd();
        return action.Arguments.Count > 0 ? $"{line} ({action.Label})" : line;
    }

    /// <summary>True when a verb takes arguments of one word each: not only the rest of a line, or none.</summary>
    /// <param name="usage">How the verb is written, as menus say it.</param>
    public static bool TakesWords(string usage) =>
        usage.Split(' ').Skip(1).Any(word => word != ItemWord && !word.Contains(RestSign, StringComparison.Ordinal));

    /// <summary>An argument as it is typed: in quotation marks where it needs them.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument[0] != '"' && !argument.Contains(' ', StringComparison.Ordinal)
            ? argument
            : $"\"{argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
