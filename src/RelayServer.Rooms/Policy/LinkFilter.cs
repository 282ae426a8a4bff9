using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace RelayServer.Rooms;

/// <summary>
/// Finds links in texts as people write them: <c>scheme://…</c>, <c>www.…</c>, <c>name.domain/…</c>, and bare names under the
/// domains that advertising mostly uses. One pass, no allocation. It hinders the careless; it does not stop the inventive.
/// </summary>
public static class LinkFilter
{
    private const int DomainLettersMin = 2;
    private const int DomainLettersMax = 24;

    private static readonly SearchValues<byte> LabelBytes = SearchValues.Create(
        [.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8, .. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)]);

    // Without those that are common words, which follow a full stop where a space was forgotten.
    private static readonly FrozenSet<string> Domains = new[]
    {
        "app", "biz", "br", "cc", "cn", "co", "com", "dev", "eu", "fr", "gg", "info", "io", "jp", "ly", "net", "nl", "online", "org", "pl",
        "ru", "shop", "site", "store", "top", "tv", "uk", "vip", "xyz",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when a text (UTF-8) has a link.</summary>
    public static bool HasLink(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("://"u8) >= 0)
        {
            return true;
        }

        for (int start = 0, dot; (dot = text[start..].IndexOf((byte)'.')) >= 0; start += dot + 1)
        {
            if (IsInLink(text, start + dot))
            {
                return true;
            }
        }

        return false;
    }

    // The dot stands between a name and what may be a domain.
    private static bool IsInLink(ReadOnlySpan<byte> text, int dot)
    {
        ReadOnlySpan<byte> before = text[..dot];
        ReadOnlySpan<byte> label = text[(dot + 1)..];
        int end = label.IndexOfAnyExcept(LabelBytes);
        ReadOnlySpan<byte> after = end < 0 ? [] : label[end..];
        label = end < 0 ? label : label[..end];
        if (before.IsEmpty || !LabelBytes.Contains(before[^1]) || label.IsEmpty)
        {
            return false;
        }

        return EndsWithWord(before, "www"u8) || (IsDomain(label) && (after is [(byte)'/', ..] || IsKnown(label)));
    }

    private static bool EndsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length
        && Ascii.EqualsIgnoreCase(text[^word.Length..], word)
        && (text.Length == word.Length || !LabelBytes.Contains(text[^(word.Length + 1)]));

    private static bool IsDomain(ReadOnlySpan<byte> label) =>
        label.Length is >= DomainLettersMin and <= DomainLettersMax && char.IsAsciiLetter((char)label[0]) && !label.ContainsAnyInRange((byte)0x80, (byte)0xff);

    private static bool IsKnown(ReadOnlySpan<byte> label)
    {
        Span<char> letters = stackalloc char[DomainLettersMax];
        int count = Encoding.ASCII.GetChars(label, letters);
        return Domains.GetAlternateLookup<ReadOnlySpan<char>>().Contains(letters[..count]);
    }
}
