using System.Globalization;
using System.Text;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Makes text of strangers fit for a chat window: no control characters, no direction overrides, and bounded. Bounds are bytes of UTF-8.</summary>
internal static class FeedText
{
    private const string Ellipsis = "…";

    /// <summary>One line: white space of any kind becomes single blanks.</summary>
    public static string Line(string text, int bytesMax) => Clean(text, bytesMax, keepLines: false);

    /// <summary>Several lines: line breaks stay, at most two in a row.</summary>
    public static string Lines(string text, int bytesMax) => Clean(text, bytesMax, keepLines: true);

    /// <summary>At most so many bytes, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int bytesMax)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytesMax)
        {
            return text;
        }

        int left = bytesMax - Encoding.UTF8.GetByteCount(Ellipsis);
        int end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return left < 0 && end == 0 && bytesMax < Ellipsis.Length * 3 ? string.Empty : string.Concat(text.AsSpan(0, end).TrimEnd(), Ellipsis);
    }

    /// <summary>True for characters that reorder or hide text.</summary>
    public static bool IsDeceptive(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D or 0x00AD);

    private static string Clean(string text, int bytesMax, bool keepLines)
    {
        var clean = new StringBuilder(Math.Min(text.Length, bytesMax + 1));
        int blanks = 0;
        int breaks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length > bytesMax)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                blanks++;
                breaks += rune.Value == '\n' ? 1 : 0;
            }
            else if (IsShown(rune))
            {
                AppendGap(clean, blanks, keepLines ? breaks : 0);
                (blanks, breaks) = (0, 0);
                clean.Append(rune.ToString());
            }
        }

        return Cut(clean.ToString(), bytesMax);
    }

    private static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && !IsDeceptive(rune) && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);

    private static void AppendGap(StringBuilder clean, int blanks, int breaks)
    {
        if (clean.Length > 0 && blanks > 0)
        {
            clean.Append(breaks switch { 0 => " ", 1 => "\n", _ => "\n\n" });
        }
    }
}
