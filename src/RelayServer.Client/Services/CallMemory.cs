namespace RelayServer.Client.Services;

/// <summary>What was made of the commands of the last minutes, by their keys: one that comes again is answered and not done again.</summary>
internal sealed class CallMemory(TimeProvider time)
{
    /// <summary>Most commands that are kept in mind; above it the oldest go.</summary>
    public const int CallsMax = 4096;

    /// <summary>How long a command is kept in mind.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, CallOutcome> _outcomes = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long Timestamp)> _order = new();

    public int Count => _outcomes.Count;

    public CallOutcome? Find(string key)
    {
        Forget();
        return _outcomes.GetValueOrDefault(key);
    }

    public void Add(string key, CallOutcome outcome)
    {
        if (_outcomes.TryAdd(key, outcome))
        {
            _order.Enqueue((key, time.GetTimestamp()));
        }

        Forget();
    }

    private void Forget()
    {
        while (_order.TryPeek(out (string Key, long Timestamp) oldest)
            && (_outcomes.Count > CallsMax || time.GetElapsedTime(oldest.Timestamp) > Kept))
        {
            _order.Dequeue();
            _outcomes.Remove(oldest.Key);
        }
    }
}
