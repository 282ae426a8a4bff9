using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A part of a menu, in the order of kinds and names.</summary>
/// <param name="Lines">What can be chosen.</param>
/// <param name="HasMore">There is more after the last line.</param>
public sealed record MenuPage(IReadOnlyList<MenuLine> Lines, bool HasMore)
{
    /// <summary>What an ANSWER says; null when it is not a menu.</summary>
    public static MenuPage? Decode(ReadOnlySpan<byte> answer)
    {
        if (MenuBody.TryDecode(answer, out MenuBody body) != DecodeStatus.Ok)
        {
            return null;
        }

        var lines = new List<MenuLine>(body.Entries.Count);
        foreach (MenuEntry entry in body.Entries)
        {
            if (!Enum.IsDefined(entry.Kind))
            {
                // Of a later version.
                continue;
            }

            lines.Add(new MenuLine(
                entry.Kind,
                Encoding.UTF8.GetString(entry.Name),
                Encoding.UTF8.GetString(entry.Title),
                Encoding.UTF8.GetString(entry.Description),
                entry.Flags));
        }

        return new MenuPage(lines, body.HasMore);
    }
}
