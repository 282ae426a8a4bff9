using System.Globalization;
using System.Text;

namespace RelayServer.Protocol;

/// <summary>
/// Which texts can be user ids: as the subject of a token, and where a control names somebody. They are shown to other
/// users and compared byte by byte, so whatever renders alike and differs, or changes how its surroundings render, is refused.
/// </summary>
public static class UserId
{
    /// <summary>What is wrong with a user id, as the end of a sentence; null when nothing is.</summary>
    public static string? FindProblem(string userId) => FindProblem(userId, ProtocolLimits.UserIdBytesMax);

    /// <summary>The same rules for a name of another length, such as a subject's.</summary>
    public static string? FindProblem(string userId, int bytesMax)
    {
        ArgumentNullException.ThrowIfNull(userId);
        if (userId.Length == 0)
        {
            return "is empty";
        }

        if (userId.Length > bytesMax || Encoding.UTF8.GetByteCount(userId) > bytesMax)
        {
            return $"is longer than {bytesMax} bytes";
        }

        foreach (Rune rune in userId.EnumerateRunes())
        {
            if (IsRefused(rune))
            {
                return "has a control, formatting, separator, private or unpaired character";
            }
        }

        if (char.IsWhiteSpace(userId[0]) || char.IsWhiteSpace(userId[^1]))
        {
            return "begins or ends with a space";
        }

        return ComposedText.IsComposed(userId) ? null : "is not in Unicode normalization form C";
    }

    // Format covers the bidirectional controls and the zero-width characters. A lone surrogate arrives here as U+FFFD.
    private static bool IsRefused(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;
}
