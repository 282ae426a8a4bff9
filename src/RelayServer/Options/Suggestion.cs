namespace RelayServer.Options;

/// <summary>Finds what somebody who mistyped a word probably meant.</summary>
internal static class Suggestion
{
    private const int DistanceMax = 3;

    /// <summary>The candidate nearest to a word; null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        int letters = word.TrimStart('-').Length;
        int bestDistance = Math.Min(DistanceMax, (letters / 3) + 1) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>The Levenshtein distance, without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int line = 1; line <= left.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.Length; column++)
            {
                int cost = char.ToUpperInvariant(left[line - 1]) == char.ToUpperInvariant(right[column - 1]) ? 0 : 1;
                int value = Math.Min(Math.Min(row[column], row[column - 1]) + 1, diagonal + cost);
                diagonal = row[column];
                row[column] = value;
            }
        }

        return row[^1];
    }
}
