using RelayServer.Cli.Rooms;
using RelayServer.Client.Services;

namespace RelayServer.Cli.Services;

/// <summary>A card in lines for people. Nothing of it is safe for a terminal yet.</summary>
internal static class CardLines
{
    private const string Separator = " \u00b7 ";

    /// <summary>Its heading: <c>#3 Silk scarf</c>.</summary>
    public static string Heading(ShownCard shown) => $"#{shown.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)} {RoomSentences.OneLine(shown.Card.Title)}";

    /// <summary>What stands below the heading: text, link, facts, and what to type.</summary>
    /// <param name="shown">The card.</param>
    /// <param name="usageOf">How a verb of the service is written; null when that is not known.</param>
    public static IEnumerable<string> Below(ShownCard shown, Func<string, string?> usageOf)
    {
        foreach (string line in Facts(shown.Card))
        {
            yield return line;
        }

        if (shown.Card.Actions.Count > 0)
        {
            yield return string.Join(Separator, shown.Card.Actions.Select(
                action => CommandText.Of(shown.Service, action, shown.Number, usageOf(action.Verb))));
        }
    }

    /// <summary>Text, link and facts.</summary>
    public static IEnumerable<string> Facts(ServiceCard card)
    {
        foreach (string line in Lines(card.Text))
        {
            yield return line;
        }

        // A terminal makes what looks like an address one that can be clicked.
        if (IsWeb(card.Link))
        {
            yield return RoomSentences.OneLine(card.Link);
        }

        if (card.Fields.Count > 0)
        {
            yield return Fields(card.Fields);
        }
    }

    /// <summary>Facts in a line.</summary>
    public static string Fields(IEnumerable<CardField> fields) =>
        string.Join(Separator, fields.Select(field => RoomSentences.OneLine($"{field.Name}: {field.Value}")));

    private static bool IsWeb(string link) =>
        link.StartsWith("https://", StringComparison.Ordinal) || link.StartsWith("http://", StringComparison.Ordinal);

    /// <summary>The lines of a text that have anything in them.</summary>
    public static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
}
