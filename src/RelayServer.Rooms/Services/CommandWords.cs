using System.Text;

namespace RelayServer.Rooms;

/// <summary>
/// Cuts the rest of a command line into arguments: at spaces, but for those between quotation marks, in which a backslash keeps a
/// quotation mark or a backslash as it is.
/// </summary>
public static class CommandWords
{
    private const char Quote = '"';
    private const char Escape = '\\';

    /// <summary>Cuts a line.</summary>
    /// <param name="line">The rest of the line.</param>
    /// <param name="wordsMax">What is left after so many less one is the last word, as it is.</param>
    /// <param name="words">The words.</param>
    /// <returns>What is wrong with the line, for people; null when nothing is.</returns>
    public static string? Split(string line, int wordsMax, out List<string> words)
    {
        ArgumentNullException.ThrowIfNull(line);
        words = [];
        int at = Skip(line, 0);
        while (at < line.Length)
        {
            if (words.Count == wordsMax - 1)
            {
                words.Add(line[at..]);
                return null;
            }

            if (!TakeWord(line, ref at, out string word))
            {
                return "a quotation mark is open; close it, or write \\\" for one that is meant";
            }

            words.Add(word);
            at = Skip(line, at);
        }

        return null;
    }

    private static bool TakeWord(string line, ref int at, out string word)
    {
        var read = new StringBuilder();
        bool isQuoted = false;
        for (; at < line.Length && (isQuoted || !IsSpace(line[at])); at++)
        {
            if (line[at] == Quote)
            {
                isQuoted = !isQuoted;
            }
            else
            {
                at += isQuoted && line[at] == Escape && at + 1 < line.Length && line[at + 1] is Quote or Escape ? 1 : 0;
                read.Append(line[at]);
            }
        }

        word = read.ToString();
        return !isQuoted;
    }

    private static int Skip(string line, int at)
    {
        while (at < line.Length && IsSpace(line[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsSpace(char letter) => letter is ' ' or '\t' or '\r' or '\n';
}
