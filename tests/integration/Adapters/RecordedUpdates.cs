using RelayServer.Adapters;
using RelayServer.Client.Services;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>Stands for the relay: a log in which every number is once, and a script of failures.</summary>
internal sealed class RecordedUpdates : IServiceConnection
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (string Target, ServiceCard Card, IReadOnlyList<string> Subjects)> _log = [];
    private readonly List<ulong> _sent = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);

    public event Action<string?>? RelayChanged;

    public ulong ProducerId { get; init; }

    public Task Completion => _end.Task;

    /// <summary>Asked before an update is logged; what it throws the sender gets.</summary>
    public Func<ulong, string, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Asked after an update is logged, before the sender knows.</summary>
    public Func<ulong, Task> After { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is in the log, in the order of arrival.</summary>
    public IReadOnlyList<string> Titles
    {
        get
        {
            lock (_gate)
            {
                return [.. _log.Values.Select(entry => entry.Card.Title)];
            }
        }
    }

    /// <summary>The numbers as they came, repetitions included.</summary>
    public IReadOnlyList<ulong> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent];
            }
        }
    }

    public (string Target, ServiceCard Card, IReadOnlyList<string> Subjects) this[ulong number]
    {
        get
        {
            lock (_gate)
            {
                return _log[number];
            }
        }
    }

    public async Task UpdateAsync(string target, ServiceCard card, IReadOnlyList<string> subjects, ulong number, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _sent.Add(number);
        }

        await Before(number, target).WaitAsync(cancellationToken);
        lock (_gate)
        {
            _log.TryAdd(number, (target, card, subjects));
        }

        _arrivals.Release();
        await After(number).WaitAsync(cancellationToken);
    }

    /// <summary>Waits for so many updates.</summary>
    public async Task ArriveAsync(int count)
    {
        for (int arrived = 0; arrived < count; arrived++)
        {
            Assert.True(await _arrivals.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), $"{arrived} of {count} updates came");
        }
    }

    /// <summary>The relay goes, for a reason, or comes back: null.</summary>
    public void Change(string? awayReason) => RelayChanged?.Invoke(awayReason);

    /// <summary>The relay ends the connection.</summary>
    public void End() => _end.TrySetException(new InvalidOperationException("the relay said goodbye"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
