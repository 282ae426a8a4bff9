using System.Net;
using System.Text;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>
/// The text of a piece of HTML. Only text comes out: no tag, no script, no style, whatever the input is. One pass over at most
/// <see cref="FeedLimits.HtmlCharactersMax"/> characters.
/// </summary>
internal static class HtmlText
{
    private static readonly string[] HiddenElements = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "head", "textarea", "select"];
    private static readonly string[] LineElements = ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "section", "article", "hr"];
    private static readonly string[] ParagraphElements = ["p", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"];

    /// <summary>The text, its character references decoded.</summary>
    /// <param name="html">The HTML, or plain text.</param>
    /// <param name="bytesMax">Most bytes to return.</param>
    public static string Of(string html, int bytesMax)
    {
        ReadOnlySpan<char> rest = html.AsSpan(0, Math.Min(html.Length, FeedLimits.HtmlCharactersMax));
        var text = new StringBuilder(Math.Min(rest.Length, bytesMax));
        while (!rest.IsEmpty && text.Length <= 2 * bytesMax)
        {
            int tag = FindTag(rest);
            if (tag < 0)
            {
                AppendFlat(text, rest);
                break;
            }

            // White space of the source is no line break in HTML.
            AppendFlat(text, rest[..tag]);
            rest = SkipMarkup(rest[tag..], text);
        }

        // Decoded last, and once: "&lt;b&gt;" is the text "<b>", and stays text.
        return FeedText.Lines(WebUtility.HtmlDecode(text.ToString()), bytesMax);
    }

    /// <summary>The address of the first picture in a piece of HTML; null when there is none.</summary>
    public static string? FirstImage(string html)
    {
        ReadOnlySpan<char> rest = html.AsSpan(0, Math.Min(html.Length, FeedLimits.HtmlCharactersMax));
        int image = rest.IndexOf("<img", StringComparison.OrdinalIgnoreCase);
        if (image < 0)
        {
            return null;
        }

        rest = rest[image..];
        int end = rest.IndexOf('>');
        ReadOnlySpan<char> tag = end < 0 ? rest : rest[..end];
        int source = tag.IndexOf(" src=", StringComparison.OrdinalIgnoreCase);
        if (source < 0 || source + 6 >= tag.Length)
        {
            return null;
        }

        ReadOnlySpan<char> value = tag[(source + 5)..];
        char quote = value[0];
        if (quote is not ('"' or '\''))
        {
            return null;
        }

        int close = value[1..].IndexOf(quote);
        return close < 0 ? null : WebUtility.HtmlDecode(value.Slice(1, close).ToString());
    }

    // Where markup begins: a '<' before a letter, '/', '!' or '?'; "1 < 2" is text.
    private static int FindTag(ReadOnlySpan<char> html)
    {
        int from = 0;
        while (true)
        {
            int at = html[from..].IndexOf('<');
            if (at < 0 || from + at + 1 >= html.Length)
            {
                return -1;
            }

            at += from;
            char next = html[at + 1];
            if (char.IsAsciiLetter(next) || next is '/' or '!' or '?')
            {
                return at;
            }

            from = at + 1;
        }
    }

    private static ReadOnlySpan<char> SkipMarkup(ReadOnlySpan<char> html, StringBuilder text)
    {
        if (html.StartsWith("<!--", StringComparison.Ordinal))
        {
            return After(html, "-->");
        }

        int end = EndOfTag(html);
        if (end < 0)
        {
            return [];
        }

        bool closing = html[1] == '/';
        ReadOnlySpan<char> name = NameOf(html[(closing ? 2 : 1)..end]);
        ReadOnlySpan<char> rest = html[(end + 1)..];
        if (!closing && html[end - 1] != '/' && IsOneOf(name, HiddenElements))
        {
            return SkipElement(rest, name);
        }

        if (IsOneOf(name, LineElements))
        {
            text.Append(closing && IsOneOf(name, ParagraphElements) ? "\n\n" : "\n");
        }

        return rest;
    }

    // A '>' inside quotation marks is part of an attribute.
    private static int EndOfTag(ReadOnlySpan<char> html)
    {
        char quote = '\0';
        for (int at = 1; at < html.Length; at++)
        {
            char letter = html[at];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter == '>')
            {
                return at;
            }
            else if (letter is '"' or '\'' && html[at - 1] == '=')
            {
                quote = letter;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> tag)
    {
        int length = 0;
        while (length < tag.Length && char.IsAsciiLetterOrDigit(tag[length]))
        {
            length++;
        }

        return tag[..length];
    }

    private static ReadOnlySpan<char> SkipElement(ReadOnlySpan<char> html, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> closing = string.Concat("</", name);
        int at = html.IndexOf(closing, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? [] : After(html[at..], ">");
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> html, string end)
    {
        int at = html.IndexOf(end, StringComparison.Ordinal);
        return at < 0 ? [] : html[(at + end.Length)..];
    }

    private static void AppendFlat(StringBuilder text, ReadOnlySpan<char> part)
    {
        foreach (char letter in part)
        {
            text.Append(letter is '\n' or '\r' or '\t' ? ' ' : letter);
        }
    }

    private static bool IsOneOf(ReadOnlySpan<char> name, string[] names)
    {
        foreach (string known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
