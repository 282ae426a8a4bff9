namespace RelayServer.Master.Services;

/// <summary>
/// What was answered to the commands of the last minute: one that comes again, because its answer was lost with a connection, is answered
/// again and not done again.
/// </summary>
internal sealed class OutcomeMemory
{
    /// <summary>How long an answer is kept, in milliseconds.</summary>
    public const ulong KeptMilliseconds = 60_000;

    /// <summary>Bytes of all answers that are kept; above it the oldest go.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    /// <summary>Bytes of one user's answers that are kept; above it his oldest go, and nobody else's.</summary>
    public const int BytesPerUserMax = 1024 * 1024;

    /// <summary>What an answer counts as besides its body, in bytes.</summary>
    public const int EntryBytes = 256;

    private readonly Dictionary<CommandName, LinkedListNode<(CommandName Name, CommandOutcome Outcome, ulong AtMilliseconds)>> _outcomes = [];

    // Oldest first, as are those of each user.
    private readonly LinkedList<(CommandName Name, CommandOutcome Outcome, ulong AtMilliseconds)> _order = new();
    private readonly Dictionary<string, UserOutcomes> _byUser = new(StringComparer.Ordinal);
    private long _bytes;

    public int Count => _outcomes.Count;

    public CommandOutcome? Find(in CommandName name) => _outcomes.TryGetValue(name, out var kept) ? kept.Value.Outcome : null;

    public void Add(in CommandName name, CommandOutcome outcome, ulong nowMilliseconds)
    {
        if (!_outcomes.ContainsKey(name))
        {
            if (!_byUser.TryGetValue(name.User, out UserOutcomes? own))
            {
                own = new UserOutcomes();
                _byUser.Add(name.User, own);
            }

            _outcomes.Add(name, _order.AddLast((name, outcome, nowMilliseconds)));
            own.Names.Enqueue(name);
            own.Bytes += BytesOf(outcome);
            _bytes += BytesOf(outcome);
            while (own.Bytes > BytesPerUserMax)
            {
                RemoveOldest(own);
            }
        }

        Forget(nowMilliseconds);
    }

    public void Forget(ulong nowMilliseconds)
    {
        while (_order.First is { Value: var oldest } && (_bytes > BytesMax || nowMilliseconds - oldest.AtMilliseconds > KeptMilliseconds))
        {
            RemoveOldest(_byUser[oldest.Name.User]);
        }
    }

    public void Clear()
    {
        _outcomes.Clear();
        _order.Clear();
        _byUser.Clear();
        _bytes = 0;
    }

    private static int BytesOf(CommandOutcome outcome) => outcome.Body.Length + EntryBytes;

    private void RemoveOldest(UserOutcomes own)
    {
        CommandName name = own.Names.Dequeue();
        _outcomes.Remove(name, out var kept);
        _order.Remove(kept!);
        own.Bytes -= BytesOf(kept!.Value.Outcome);
        _bytes -= BytesOf(kept.Value.Outcome);
        if (own.Names.Count == 0)
        {
            _byUser.Remove(name.User);
        }
    }
}
