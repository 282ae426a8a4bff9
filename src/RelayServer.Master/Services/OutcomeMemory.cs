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

    // Besides its body.
    private const int EntryBytes = 256;

    private readonly Dictionary<CommandName, CommandOutcome> _outcomes = [];
    private readonly Queue<(CommandName Name, ulong AtMilliseconds)> _order = new();
    private long _bytes;

    public int Count => _outcomes.Count;

    public CommandOutcome? Find(in CommandName name) => _outcomes.GetValueOrDefault(name);

    public void Add(in CommandName name, CommandOutcome outcome, ulong nowMilliseconds)
    {
        if (_outcomes.TryAdd(name, outcome))
        {
            _order.Enqueue((name, nowMilliseconds));
            _bytes += outcome.Body.Length + EntryBytes;
        }

        Forget(nowMilliseconds);
    }

    public void Forget(ulong nowMilliseconds)
    {
        while (_order.TryPeek(out (CommandName Name, ulong AtMilliseconds) oldest)
            && (_bytes > BytesMax || nowMilliseconds - oldest.AtMilliseconds > KeptMilliseconds))
        {
            _order.Dequeue();
            if (_outcomes.Remove(oldest.Name, out CommandOutcome? outcome))
            {
                _bytes -= outcome.Body.Length + EntryBytes;
            }
        }
    }

    public void Clear()
    {
        _outcomes.Clear();
        _order.Clear();
        _bytes = 0;
    }
}
