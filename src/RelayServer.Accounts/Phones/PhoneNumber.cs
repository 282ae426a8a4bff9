using System.Text.RegularExpressions;

namespace RelayServer.Accounts.Phones;

/// <summary>Phone numbers in E.164: a plus, and 8 to 15 digits that begin with a country code.</summary>
internal static partial class PhoneNumber
{
    private const int DigitsMin = 8;
    private const int DigitsMax = 15;
    private const int CharactersMax = 32;
    private const int ShownFirst = 3;
    private const int ShownLast = 2;
    private const string International = "00";

    /// <summary>Brings what people type into the one form; false when it is no number with a country code.</summary>
    public static bool TryNormalize(string text, out string number)
    {
        number = string.Empty;
        if (text.Length > CharactersMax)
        {
            return false;
        }

        Span<char> digits = stackalloc char[CharactersMax];
        int count = 0;
        MatchCollection marks = TrunkPrefix().Matches(text);
        if (marks.Count > 1 || (marks.Count == 1 && !text.AsSpan(0, marks[0].Index).ContainsAnyInRange('0', '9')))
        {
            return false;
        }

        ReadOnlySpan<char> rest = TrunkPrefix().Replace(text, string.Empty).AsSpan().Trim();
        bool isInternational = rest.StartsWith('+');
        rest = isInternational ? rest[1..] : rest;
        foreach (char letter in rest)
        {
            if (char.IsAsciiDigit(letter))
            {
                digits[count++] = letter;
            }
            else if (letter is not (' ' or '-' or '.' or '(' or ')' or '/'))
            {
                return false;
            }
        }

        ReadOnlySpan<char> all = digits[..count];
        if (!isInternational)
        {
            if (!all.StartsWith(International, StringComparison.Ordinal))
            {
                return false;
            }

            all = all[International.Length..];
        }

        if (all.Length is < DigitsMin or > DigitsMax || all[0] == '0')
        {
            return false;
        }

        number = $"+{all}";
        return true;
    }

    /// <summary>A number as it is shown and logged: its first and last digits.</summary>
    public static string Mask(string number) =>
        number[..ShownFirst] + new string('*', number.Length - ShownFirst - ShownLast) + number[^ShownLast..];

    // +44 (0)20 …: what is dialed at home only. With it one phone would have two names, and twice the codes.
    [GeneratedRegex(@"\(\s*0\s*\)")]
    private static partial Regex TrunkPrefix();
}
