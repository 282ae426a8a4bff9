namespace RelayServer.UnitTests.Simulation;

/// <summary>What happens next, in order of virtual time; the only source of chance and of time in a simulation.</summary>
internal sealed class VirtualTime(int seed)
{
    private readonly PriorityQueue<Action, (ulong, long)> _events = new();
    private long _order;

    public Random Chance { get; } = new(seed);

    /// <summary>Milliseconds since the beginning, far enough from 0 that nobody takes it for "never".</summary>
    public ulong Now { get; private set; } = 1_000_000;

    public void After(int milliseconds, Action action) => _events.Enqueue(action, (Now + (ulong)milliseconds, _order++));

    /// <summary>After a random delay.</summary>
    public void Soon(int millisecondsMax, Action action) => After(Chance.Next(millisecondsMax + 1), action);

    public void Every(int milliseconds, Func<bool> action) => After(milliseconds, () =>
    {
        if (action())
        {
            Every(milliseconds, action);
        }
    });

    public bool OneIn(int chances) => Chance.Next(chances) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Chance.Next(items.Count)];

    public void RunUntil(ulong time)
    {
        while (_events.TryPeek(out _, out (ulong Time, long) next) && next.Time <= time)
        {
            Action action = _events.Dequeue();
            Now = next.Time;
            action();
        }

        Now = time;
    }
}
