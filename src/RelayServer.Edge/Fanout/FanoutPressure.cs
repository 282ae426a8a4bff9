namespace RelayServer.Edge.Fanout;

/// <summary>
/// Tells whether a shard's connections as a whole are behind, which the masters have to wait for, or only a few of
/// them, which nobody waits for. A connection that is behind and takes nothing counts for one to two windows: then it
/// is stuck, and its own bound decides about it. Belongs to the shard's thread; constant work for a delivery, no timers.
/// </summary>
internal sealed class FanoutPressure
{
    public const long WindowMilliseconds = 1000;

    /// <summary>A connection is behind when more than this waits for it; the kernel holds as much again and more.</summary>
    public const int BehindBytes = 32 * 1024;

    /// <summary>More than one connection in so many must be behind,</summary>
    public const int ActivePerBehind = 16;

    /// <summary>and more than this many, unless all are: a few slow readers hold nobody up, also where few read.</summary>
    public const int FewMax = 8;

    // Counts of this window and the one before it, by the window's lowest bit.
    private readonly int[] _active = new int[2];
    private readonly int[] _behind = new int[2];

    // Connections begin with 0: neither this window nor the one before it.
    private uint _window = 2;
    private long _windowEndMilliseconds;
    private long _allOfFewSinceMilliseconds = long.MaxValue;

    /// <summary>
    /// Of the connections that got something lately, too many have not taken it yet. Many are waited for as long as
    /// they get on; a few, who may well be one slow reader at a quiet edge, for two windows.
    /// </summary>
    public bool MustWait(long nowMilliseconds)
    {
        int active = _active[0] + _active[1];
        int behind = _behind[0] + _behind[1];
        if (behind > FewMax)
        {
            return behind > active / ActivePerBehind;
        }

        bool areAll = behind > 0 && behind >= active;
        _allOfFewSinceMilliseconds = areAll ? Math.Min(_allOfFewSinceMilliseconds, nowMilliseconds) : long.MaxValue;
        return areAll && nowMilliseconds - _allOfFewSinceMilliseconds < 2 * WindowMilliseconds;
    }

    /// <summary>How long until the answer may change by time alone.</summary>
    public long MillisecondsLeft(long nowMilliseconds) => Math.Max(1, _windowEndMilliseconds - nowMilliseconds);

    public void Advance(long nowMilliseconds)
    {
        // Two steps empty both windows: after a pause more would change nothing.
        for (int steps = 0; steps < 2 && nowMilliseconds >= _windowEndMilliseconds; steps++)
        {
            _window++;
            _active[_window & 1] = 0;
            _behind[_window & 1] = 0;
            _windowEndMilliseconds += WindowMilliseconds;
        }

        if (nowMilliseconds >= _windowEndMilliseconds)
        {
            _windowEndMilliseconds = nowMilliseconds + WindowMilliseconds;
        }
    }

    /// <summary>A connection was given something that is live.</summary>
    public void Delivered(SessionOutput output)
    {
        if (output.ActiveWindow != _window)
        {
            if (output.ActiveWindow == _window - 1)
            {
                _active[output.ActiveWindow & 1]--;
            }

            output.ActiveWindow = _window;
            _active[_window & 1]++;
        }

        if (output.PendingBytes > BehindBytes && output.BehindWindow == 0)
        {
            output.BehindWindow = _window;
            _behind[_window & 1]++;
        }
    }

    /// <summary>A connection took some of what waits for it.</summary>
    public void Progressed(SessionOutput output)
    {
        if (output.BehindWindow == 0)
        {
            return;
        }

        bool isBehind = output.PendingBytes > BehindBytes;
        if (isBehind && output.BehindWindow == _window)
        {
            return;
        }

        if (output.BehindWindow >= _window - 1)
        {
            _behind[output.BehindWindow & 1]--;
        }

        output.BehindWindow = isBehind ? _window : 0;
        if (isBehind)
        {
            _behind[_window & 1]++;
        }
    }
}
