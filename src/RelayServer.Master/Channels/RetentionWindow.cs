namespace RelayServer.Master.Channels;

/// <summary>The entries that a channel's log holds, oldest first, and which of them may go.</summary>
internal sealed class RetentionWindow(long messagesMax, ulong ageMillisecondsMax)
{
    private readonly Queue<RetainedEntry> _entries = new();
    private ulong _lastSeq;

    /// <summary>Everything up to here has left the log.</summary>
    public ulong TrimmedSeq { get; private set; }

    /// <summary>Notes an entry at the end of the log.</summary>
    public void Add(RetainedEntry entry)
    {
        if (_entries.Count == 0)
        {
            TrimmedSeq = Math.Max(TrimmedSeq, entry.FirstSeq - 1);
        }

        _entries.Enqueue(entry);
        _lastSeq = entry.LastSeq;
    }

    /// <summary>
    /// Drops what is too old or too much, always keeping the last entry; it carries the channel's end across a
    /// restart.
    /// </summary>
    /// <returns>Entries before this (epoch, last seq) are to leave the log; null when none are.</returns>
    public (ulong Epoch, ulong Seq)? Trim(ulong nowMilliseconds)
    {
        bool trimmed = false;
        while (_entries.Count > 1 && MayGo(_entries.Peek(), nowMilliseconds))
        {
            TrimmedSeq = _entries.Dequeue().LastSeq;
            trimmed = true;
        }

        return trimmed ? (_entries.Peek().Epoch, _entries.Peek().LastSeq) : null;
    }

    private bool MayGo(RetainedEntry entry, ulong nowMilliseconds) =>
        _lastSeq - entry.LastSeq >= (ulong)messagesMax
        || (nowMilliseconds > entry.AtMilliseconds && nowMilliseconds - entry.AtMilliseconds > ageMillisecondsMax);
}
