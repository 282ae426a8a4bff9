using System.Text;

namespace RelayServer.Rooms;

/// <summary>
/// Cuts the rest of a command line into arguments, by the grammar of the specification ("Commands"): at spaces, but for what begins with a
/// quotation mark, which ends with the next one; a backslash before a quotation mark or backslash makes it one that is meant.
/// </summary>
public static class CommandWords
{
    private const char Space = ' ';
    private const char Quote = '"';
    private const char Escape = '\\';

    /// <summary>Cuts a line.</summary>
    /// <param name="line">The rest of the line, without spaces before it.</param>
    /// <param name="wordsMax">What is left after so many less one is the last word, as it is.</param>
    /// <param name="words">The words.</param>
    /// <returns>What is wrong with the line, for people; null when nothing is.</returns>
    public static string? Split(string line, int wordsMax, out List<string> words)
    {
        ArgumentNullException.ThrowIfNull(line);
        words = [];
        int at = 0;
        while (at < line.Length)
        {
            if (words.Count == wordsMax - 1)
            {
                words.Add(line[at..]);
                return null;
            }

            if (line[at] != Quote)
            {
                int end = line.IndexOf(Space, at);
                end = end < 0 ? line.Length : end;
                words.Add(line[at..end]);
                at = end;
            }
            else if (TakeQuoted(line, ref at, words) is { } problem)
            {
                return problem;
            }

            while (at < line.Length && line[at] == Space)
            {
                at++;
            }
        }

        return null;
    }

    private static string? TakeQuoted(string line, ref int at, List<string> words)
    {
        var read = new StringBuilder();
        for (at++; at < line.Length && line[at] != Quote; at++)
        {
            at += line[at] == Escape && at + 1 < line.Length && line[at + 1] is Quote or Escape ? 1 : 0;
            read.Append(line[at]);
        }

        if (at == line.Length)
        {
            return "a quotation mark is open; close it, or write \\\" for one that is meant";
        }

        at++;
        words.Add(read.ToString());
        return at == line.Length || line[at] == Space ? null : "behind a closing quotation mark comes a space";
    }
}
