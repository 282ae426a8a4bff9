namespace RelayServer.Client.Services;

/// <summary>
/// Puts letters and the marks that follow them together where Unicode has one character for both (normalization form C), as names of
/// subjects are to be. Where a program runs without culture data, as the relay does, <see cref="string.Normalize()"/> changes nothing.
/// Which pairs there are is fixed by Unicode for ever.
/// </summary>
public static class ComposedForm
{
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int LeadCount = 19;
    private const int VowelFirst = 0x1161;
    private const int VowelCount = 21;
    private const int TailBefore = 0x11A7;
    private const int TailCount = 28;

    private static readonly Dictionary<(char Letter, char Mark), char> Pairs = Read();

    /// <summary>The text with every pair put together.</summary>
    public static string Of(string text)
    {
        if (text.All(char.IsAscii))
        {
            return text;
        }

        char[] composed = new char[text.Length];
        int length = 0;
        foreach (char next in text)
        {
            if (length > 0 && Compose(composed[length - 1], next) is { } both)
            {
                composed[length - 1] = both;
            }
            else
            {
                composed[length++] = next;
            }
        }

        return new string(composed, 0, length);
    }

    private static char? Compose(char letter, char mark)
    {
        if (Pairs.TryGetValue((letter, mark), out char both))
        {
            return both;
        }

        if (letter is >= (char)LeadFirst and < (char)(LeadFirst + LeadCount) && mark is >= (char)VowelFirst and < (char)(VowelFirst + VowelCount))
        {
            return (char)(HangulFirst + ((((letter - LeadFirst) * VowelCount) + mark - VowelFirst) * TailCount));
        }

        bool takesTail = letter is >= (char)HangulFirst and < (char)(HangulFirst + (LeadCount * VowelCount * TailCount)) && (letter - HangulFirst) % TailCount == 0;
        return takesTail && mark is > (char)TailBefore and < (char)(TailBefore + TailCount) ? (char)(letter + mark - TailBefore) : null;
    }

    private static void Add(Dictionary<(char, char), char> pairs, int mark, string letters)
    {
        for (int at = 0; at < letters.Length; at += 2)
        {
            pairs.Add((letters[at], (char)mark), letters[at + 1]);
        }
    }

    private static Dictionary<(char, char), char> Read()
    {
        Dictionary<(char, char), char> pairs = [];
        foreach (string line in ComposedPairs.Lines)
        {
            Add(pairs, line[0], line[1..]);
        }

        return pairs;
    }
}
