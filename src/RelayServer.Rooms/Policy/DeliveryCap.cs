namespace RelayServer.Rooms;

/// <summary>
/// How many messages of members a partition delivers in a second, so that people can read: a token bucket, and a fair share of
/// it for everybody. In a second (counted by the clock, not from the first message) nobody gets more than the cap divided by
/// those who spoke in this or the last one, and half of the bucket is kept for those who were not heard in this second yet.
/// </summary>
public sealed class DeliveryCap
{
    /// <summary>How many speakers of a second are told apart. Those beyond share what is above the kept half.</summary>
    public const int SendersMax = 4096;

    private const ulong WindowMilliseconds = 1000;
    private const double KeptPart = 0.5;

    private readonly UInt128 _key;
    private Dictionary<ulong, uint> _delivered = [];
    private Dictionary<ulong, uint> _deliveredBefore = [];
    private ulong _window;
    private ulong _filledAtMilliseconds;
    private double _tokens;
    private int _senders;
    private uint _perSecond;

    /// <summary>A full bucket.</summary>
    /// <param name="perSecond">Messages in a second; 0: no limit.</param>
    /// <param name="key">A secret of the process, for the hashes of users.</param>
    public DeliveryCap(uint perSecond, UInt128 key)
    {
        _perSecond = perSecond;
        _tokens = perSecond;
        _key = key;
    }

    /// <summary>Messages in a second; 0: no limit. Can be changed at any time.</summary>
    public uint PerSecond
    {
        get => _perSecond;
        set
        {
            // What was not limited starts with a full bucket; what is there already grows or shrinks into the new one.
            _tokens = _perSecond == 0 ? value : Math.Min(_tokens, value);
            _perSecond = value;
        }
    }

    /// <summary>True when a message is delivered, which is counted; false when it is skipped.</summary>
    /// <param name="user">Who wrote it.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public bool MayDeliver(ReadOnlySpan<byte> user, ulong nowMilliseconds)
    {
        if (_perSecond == 0)
        {
            return true;
        }

        Refill(nowMilliseconds);
        ulong sender = SipHash.Of(_key, user);
        bool known = Count(sender, out uint delivered);
        bool isFirst = known && delivered == 0;
        double kept = isFirst ? 0 : Math.Floor(_perSecond * KeptPart);
        if ((known && delivered >= Share) || _tokens < 1 + kept)
        {
            return false;
        }

        _tokens--;
        if (known)
        {
            _delivered[sender] = delivered + 1;
        }

        return true;
    }

    private uint Share => Math.Max(1, _perSecond / (uint)Math.Max(1, _senders));

    // Every one who tries is a sender of this second; those of the last one were counted when it ended.
    private bool Count(ulong sender, out uint delivered)
    {
        if (_delivered.TryGetValue(sender, out delivered))
        {
            return true;
        }

        if (_delivered.Count >= SendersMax)
        {
            return false;
        }

        _delivered.Add(sender, 0);
        _senders += _deliveredBefore.ContainsKey(sender) ? 0 : 1;
        return true;
    }

    private void Refill(ulong nowMilliseconds)
    {
        ulong window = nowMilliseconds / WindowMilliseconds;
        if (window != _window)
        {
            bool follows = window == _window + 1;
            (_delivered, _deliveredBefore) = (_deliveredBefore, _delivered);
            _delivered.Clear();
            if (!follows)
            {
                _deliveredBefore.Clear();
            }

            _senders = _deliveredBefore.Count;
            _window = window;
        }

        // A clock that was set back fills nothing at that moment, and goes on from there.
        if (nowMilliseconds > _filledAtMilliseconds)
        {
            _tokens = Math.Min(_perSecond, _tokens + (_perSecond * (nowMilliseconds - _filledAtMilliseconds) / (double)WindowMilliseconds));
        }

        _filledAtMilliseconds = nowMilliseconds;
    }
}
