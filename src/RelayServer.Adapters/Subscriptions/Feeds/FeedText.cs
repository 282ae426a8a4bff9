using System.Globalization;
using System.Text;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Makes text of strangers fit for a chat window: no control characters, no direction overrides, one form, bounded.</summary>
internal static class FeedText
{
    /// <summary>One line: white space of any kind becomes single blanks.</summary>
    public static string Line(string text, int charactersMax) => Clean(text, charactersMax, keepLines: false);

    /// <summary>Several lines: line breaks stay, at most two in a row.</summary>
    public static string Lines(string text, int charactersMax) => Clean(text, charactersMax, keepLines: true);

    /// <summary>At most so many characters, without half a pair at the end, and with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int charactersMax)
    {
        if (text.Length <= charactersMax)
        {
            return text;
        }

        int end = charactersMax - 1;
        if (char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end).TrimEnd(), "…");
    }

    /// <summary>True for characters that reorder or hide text.</summary>
    public static bool IsDeceptive(Rune rune) =>
        rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0xFEFF;

    private static string Clean(string text, int charactersMax, bool keepLines)
    {
        var clean = new StringBuilder(Math.Min(text.Length, charactersMax + 1));
        int blanks = 0;
        int breaks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length > charactersMax)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                blanks++;
                breaks += rune.Value == '\n' ? 1 : 0;
            }
            else if (!Rune.IsControl(rune) && !IsDeceptive(rune) && rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned)
            {
                AppendGap(clean, blanks, keepLines ? breaks : 0);
                (blanks, breaks) = (0, 0);
                clean.Append(rune.ToString());
            }
        }

        return Cut(clean.ToString().Normalize(NormalizationForm.FormC), charactersMax);
    }

    private static void AppendGap(StringBuilder clean, int blanks, int breaks)
    {
        if (clean.Length > 0 && blanks > 0)
        {
            clean.Append(breaks switch { 0 => " ", 1 => "\n", _ => "\n\n" });
        }
    }
}
