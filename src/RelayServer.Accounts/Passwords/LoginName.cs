namespace RelayServer.Accounts.Passwords;

/// <summary>Names that go with a password: 3 to 64 of a-z, 0-9, <c>.</c>, <c>_</c>, <c>-</c>, <c>+</c> and <c>@</c>; capitals are made small.</summary>
internal static class LoginName
{
    public const int CharactersMin = 3;
    public const int CharactersMax = 64;

    public const string Rule = "a name has 3 to 64 characters of a-z, 0-9, '.', '_', '-', '+' and '@' and begins with a letter or digit";

    /// <summary>Brings a name into the one form; false when it is none.</summary>
    public static bool TryNormalize(string text, out string name)
    {
        name = string.Empty;
        if (text.Length is < CharactersMin or > CharactersMax || !char.IsAsciiLetterOrDigit(text[0])
            || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '+' or '@'))
        {
            return false;
        }

#pragma warning disable CA1308 // A form to compare, of ASCII only; small letters are what people are shown.
        name = text.ToLowerInvariant();
#pragma warning restore CA1308
        return true;
    }
}
