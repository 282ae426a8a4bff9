using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Whether a card can be shown to everybody: in a terminal, too, and behind a button of a browser.</summary>
public static class CardCheck
{
    /// <summary>What is wrong with a card that could be read, as a sentence for who wrote the service; null when nothing is.</summary>
    public static string? FindProblem(in CardBody card)
    {
        if (card.Item.IsEmpty || card.Title.IsEmpty)
        {
            return "a card has an item and a title";
        }

        if (!IsShown(card.Item, lines: false) || !IsShown(card.Title, lines: false) || !IsShown(card.Text, lines: true))
        {
            return "the item, title or text of the card has control characters";
        }

        if (!IsLink(card.Link) || !IsLink(card.Image))
        {
            return "the link and image of a card are empty, or begin with https:// or http:// and have no spaces";
        }

        foreach (CardFieldEntry field in card.Fields)
        {
            if (field.Name.IsEmpty || !IsShown(field.Name, lines: false) || !IsShown(field.Value, lines: false))
            {
                return "a field of the card has no name, or control characters";
            }
        }

        foreach (CardActionEntry action in card.Actions)
        {
            if (action.Label.IsEmpty || !IsShown(action.Label, lines: false) || !ServiceName.IsValid(action.Verb))
            {
                return "an action of the card has no label, control characters in it, or no verb";
            }
        }

        return null;
    }

    /// <summary>True for a text that many people can be shown.</summary>
    public static bool IsShown(ReadOnlySpan<byte> utf8, bool lines) => ControlText.Fits(Encoding.UTF8.GetString(utf8), 0, int.MaxValue, lines);

    private static bool IsLink(ReadOnlySpan<byte> link) =>
        link.IsEmpty || ((link.StartsWith("https://"u8) || link.StartsWith("http://"u8)) && !link.Contains((byte)' ') && IsShown(link, lines: false));
}
