using System.Globalization;
using System.Text;

namespace RelayServer.Identity;

/// <summary>
/// Which subjects can be user ids. They are shown to other users and compared byte by byte, so whatever renders alike
/// and differs, or changes how its surroundings render, is refused.
/// </summary>
public static class TokenSubject
{
    /// <summary>The longest user id, in bytes of UTF-8. The protocol's limit of the same name is tested to be equal.</summary>
    public const int BytesMax = 128;

    /// <summary>What is wrong with a user id, as the end of a sentence; null when nothing is.</summary>
    public static string? FindProblem(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Length == 0)
        {
            return "is empty";
        }

        if (subject.Length > BytesMax || Encoding.UTF8.GetByteCount(subject) > BytesMax)
        {
            return $"is longer than {BytesMax} bytes";
        }

        foreach (Rune rune in subject.EnumerateRunes())
        {
            if (IsRefused(rune))
            {
                return "has a control, formatting, separator, private or unpaired character";
            }
        }

        if (char.IsWhiteSpace(subject[0]) || char.IsWhiteSpace(subject[^1]))
        {
            return "begins or ends with a space";
        }

        return ComposedText.IsComposed(subject) ? null : "is not in Unicode normalization form C";
    }

    // Format covers the bidirectional controls and the zero-width characters. A lone surrogate arrives here as U+FFFD.
    private static bool IsRefused(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;
}
