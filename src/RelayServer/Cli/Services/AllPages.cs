namespace RelayServer.Cli.Services;

/// <summary>Reads lists that come in pages to their end.</summary>
internal static class AllPages
{
    /// <summary>Pages of one list that are asked for: a relay that always has more is not asked for ever.</summary>
    internal const int PagesMax = 100;

    /// <summary>All entries.</summary>
    /// <param name="ask">Asks for the page behind an entry, or with null for the first one.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(Func<T?, Task<(IReadOnlyList<T> Entries, bool HasMore)>> ask)
        where T : class
    {
        List<T> all = [];
        for (int page = 0; page < PagesMax; page++)
        {
            (IReadOnlyList<T> entries, bool hasMore) = await ask(all.LastOrDefault());
            all.AddRange(entries);
            if (!hasMore || entries.Count == 0)
            {
                break;
            }
        }

        return all;
    }
}
