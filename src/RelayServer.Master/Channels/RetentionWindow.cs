namespace RelayServer.Master.Channels;

/// <summary>The entries that a channel's log holds, oldest first, and which of them may go.</summary>
internal sealed class RetentionWindow(long messagesMax, ulong ageMillisecondsMax)
{
    private long _messagesMax = messagesMax;
    private ulong _ageMillisecondsMax = ageMillisecondsMax;
    private readonly Queue<RetainedEntry> _entries = new();
    private RetainedEntry _newest;
    private bool _agedOut;
    private bool _isLowered;

    /// <summary>Everything up to here has left the log.</summary>
    public ulong TrimmedSeq { get; private set; }

    /// <summary>Messages that the log still has.</summary>
    public ulong Messages => _entries.Count == 0 ? 0 : _newest.LastSeq - Math.Min(_newest.LastSeq, TrimmedSeq);

    /// <summary>The first entry that stays; null when the log has none.</summary>
    public RetainedEntry? Oldest => _entries.TryPeek(out RetainedEntry oldest) ? oldest : null;

    /// <summary>Notes an entry at the end of the log.</summary>
    public void Add(RetainedEntry entry)
    {
        if (_entries.Count == 0)
        {
            TrimmedSeq = Math.Max(TrimmedSeq, entry.FirstSeq - 1);
        }

        _entries.Enqueue(entry);
        _newest = entry;
    }

    /// <summary>The last entry, and with it everything, is too old. Not so one whose age is not known.</summary>
    public bool IsAllTooOld(ulong nowMilliseconds) =>
        _entries.Count > 0 && _newest.AtMilliseconds > 0 && IsTooOld(_newest, nowMilliseconds);

    /// <summary>
    /// Whether entries have left for their age, or for a lower limit, since the last call; not those whose age is not known.
    /// </summary>
    public bool TakeAgedOut()
    {
        bool agedOut = _agedOut;
        _agedOut = false;
        return agedOut;
    }

    /// <summary>
    /// Drops what is too old or too much, always keeping the last entry; it carries the channel's end across a
    /// restart.
    /// </summary>
    /// <returns>Entries before this (epoch, last seq) are to leave the log; null when none are.</returns>
    public (ulong Epoch, ulong Seq)? Trim(ulong nowMilliseconds)
    {
        bool trimmed = false;
        while (_entries.Count > 1 && _entries.Peek() is var oldest)
        {
            bool isTooOld = IsTooOld(oldest, nowMilliseconds);
            if (!isTooOld && _newest.LastSeq - oldest.LastSeq < (ulong)_messagesMax)
            {
                break;
            }

            TrimmedSeq = _entries.Dequeue().LastSeq;
            _agedOut |= (isTooOld && oldest.AtMilliseconds > 0) || _isLowered;
            trimmed = true;
        }

        _isLowered = false;

        return trimmed ? (_entries.Peek().Epoch, _entries.Peek().LastSeq) : null;
    }

    /// <summary>From the next trim on these count.</summary>
    public void Limit(long messagesMax, ulong ageMillisecondsMax)
    {
        _isLowered |= messagesMax < _messagesMax;
        _messagesMax = messagesMax;
        _ageMillisecondsMax = ageMillisecondsMax;
    }

    /// <summary>The log is gone as a whole.</summary>
    public void Drop()
    {
        TrimmedSeq = ulong.MaxValue;
        _entries.Clear();
    }

    private bool IsTooOld(RetainedEntry entry, ulong nowMilliseconds) =>
        nowMilliseconds > entry.AtMilliseconds && nowMilliseconds - entry.AtMilliseconds > _ageMillisecondsMax;
}
