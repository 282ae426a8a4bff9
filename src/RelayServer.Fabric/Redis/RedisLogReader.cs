using System.Globalization;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>Reads streams in pages, so that neither Redis nor this process handles much more than what was asked for.</summary>
internal sealed class RedisLogReader(RedisConnection connection, RedisNames names)
{
    // Redis counts entries, the caller bytes: the first page guesses, the next ones know the mean.
    private const int EntryBytesGuess = 4096;
    private const int PageEntriesMax = 1000;

    /// <summary>
    /// Entries that are trimmed between two pages are missing from the answer; readers check numbers anyway, because
    /// the same can happen between two reads.
    /// </summary>
    public async Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        var page = new LogPageBuilder(bytesMax);
        string start = FlushScript.EntryId(epoch, seq);
        while (true)
        {
            int count = PageEntries(page);
            RedisResult[] entries = await RangeAsync("XRANGE", log, start, "+", count, cancellationToken);
            if (!TryAddAll(page, entries, long.MaxValue) || entries.Length < count)
            {
                return page.Build();
            }

            start = "(" + Id(entries[^1]);
        }
    }

    public async Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken)
    {
        var page = new LogPageBuilder(bytesMax);
        string start = "+";
        while (page.Messages < messages)
        {
            int count = (int)Math.Min(PageEntries(page), messages - page.Messages);
            RedisResult[] entries = await RangeAsync("XREVRANGE", log, start, "-", count, cancellationToken);
            if (!TryAddAll(page, entries, messages) || entries.Length < count)
            {
                break;
            }

            start = "(" + Id(entries[^1]);
        }

        return page.BuildReversed();
    }

    public async Task<LogList> ListAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        RedisResult answer = await connection.RunAsync(
            database => database.ExecuteAsync(
                "SCAN", cursor.ToString(CultureInfo.InvariantCulture), "MATCH", names.LogPattern, "COUNT", max),
            0,
            cancellationToken);
        var parts = (RedisResult[])answer;
        var logs = new List<LogKey>();
        foreach (string key in (string[])parts[1])
        {
            if (names.TryParseLog(key, out LogKey log))
            {
                logs.Add(log);
            }
        }

        return new(logs, ulong.Parse((string)parts[0], CultureInfo.InvariantCulture));
    }

    private static int PageEntries(LogPageBuilder page) => page.Count == 0
        ? Math.Clamp(page.BytesLeft / EntryBytesGuess, 1, PageEntriesMax)
        : Math.Clamp(page.BytesLeft / Math.Max(1, page.Bytes / page.Count), 1, PageEntriesMax);

    private static string Id(RedisResult entry) => (string)((RedisResult[])entry)[0];

    // An entry is [id, [field, value]].
    private static bool TryAddAll(LogPageBuilder page, RedisResult[] entries, long messagesMax)
    {
        foreach (RedisResult entry in entries)
        {
            var parts = (RedisResult[])entry;
            byte[] body = (byte[])((RedisResult[])parts[1])[1];
            if (page.Messages >= messagesMax || !page.Fits(body.Length))
            {
                return false;
            }

            string id = (string)parts[0];
            int dash = id.IndexOf('-', StringComparison.Ordinal);
            page.Add(
                ulong.Parse(id.AsSpan(0, dash), CultureInfo.InvariantCulture),
                ulong.Parse(id.AsSpan(dash + 1), CultureInfo.InvariantCulture),
                body);
        }

        return true;
    }

    private async Task<RedisResult[]> RangeAsync(
        string command, LogKey log, string from, string to, int count, CancellationToken cancellationToken)
    {
        RedisKey key = names.Log(log);
        RedisResult result = await connection.RunAsync(
            database => database.ExecuteAsync(command, key, from, to, "COUNT", count), 0, cancellationToken);
        return (RedisResult[])result;
    }
}
