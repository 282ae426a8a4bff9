using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Hosting;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Master;

/// <summary>The sweep over all logs: which it has expired, how fast it goes, and what it waits for.</summary>
public sealed class LogSweepTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SteppedTime _time = new();
    private readonly SweptLogs _store = new();
    private readonly MasterOptions _options = new() { RetentionHours = 1, SweepLogsPerSecond = 2 };
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _expired = [];
    private bool _isBusy;

    [Fact]
    public void RunAsync_FirstEntryTooOld_ExpiredUnlessItIsALoneVoid()
    {
        _options.SweepLogsPerSecond = 100;
        Add("old", Entry(61, MessageKind.Text));
        Add("young", Entry(59, MessageKind.Text));
        Add("half", Entry(61, MessageKind.Text), Entry(0, MessageKind.Text));
        Add("void", Entry(61, MessageKind.Void));
        Add("void-and-more", Entry(61, MessageKind.Void), Entry(61, MessageKind.Text));
        Add("unreadable", new LogEntry(1, 1, new byte[] { 0xc1 }));
        Add("empty");
        _ = RunAsync();
        Assert.Equal(["old", "half", "void-and-more"], _expired);
    }

    [Fact]
    public void RunAsync_ManyLogs_SoManyInASecondAndARoundNoSoonerThanAfterAMinute()
    {
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            Add(name);
        }

        _ = RunAsync();
        Assert.Equal([(0UL, 2)], _store.Listed);
        Assert.Equal([Second, Second, Minute], [_time.Step(), _time.Step(), _time.Step()]);
        Assert.Equal([(0UL, 2), (2UL, 2), (4UL, 2), (0UL, 2)], _store.Listed);
    }

    [Fact]
    public void RunAsync_MasterHasNoTime_AskedAgainForTheSameLog()
    {
        Add("a", Entry(61, MessageKind.Text));
        Add("b", Entry(61, MessageKind.Text));
        _isBusy = true;
        _ = RunAsync();
        Assert.Equal(Second, _time.Step());
        Assert.Equal(["a", "a"], _expired);
        _isBusy = false;
        _time.Step();
        Assert.Equal(["a", "a", "a", "b"], _expired);
    }

    [Fact]
    public void RunAsync_FabricIsAway_GoesOnWhereItWas()
    {
        Add("a");
        Add("b");
        Add("c");
        _ = RunAsync();
        _store.Failure = new FabricUnavailableException("away");
        Assert.Equal([Second, Second], [_time.Step(), _time.Step()]);
        _store.Failure = null;
        _time.Step();
        Assert.Equal([(0UL, 2), (2UL, 2)], _store.Listed);
    }

    [Fact]
    public void RunAsync_FabricRefuses_TriedAgainAfterAMinute()
    {
        _store.Failure = new FabricException("no right to list");
        Task run = RunAsync();
        Assert.Equal(Minute, _time.Step());
        Assert.False(run.IsCompleted);
    }

    [Fact]
    public async Task RunAsync_Off_ReadsNothing()
    {
        _options.SweepLogsPerSecond = 0;
        await RunAsync();
        Assert.Empty(_store.Listed);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Ends()
    {
        Task run = RunAsync();
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(_time.IsWaitedFor);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task RunAsync()
    {
        var sweep = new LogSweep(_options, _store, _time, new SteadyClock(_time), ExpireAsync, NullLogger.Instance);
        return sweep.RunAsync(_stopping.Token);
    }

    private Task<bool> ExpireAsync(string channel, CancellationToken cancellationToken)
    {
        _expired.Add(channel);
        return Task.FromResult(!_isBusy);
    }

    private void Add(string channel, params LogEntry[] entries) => _store.Logs.Add((new LogKey(channel, 0, 0), [.. entries]));

    private LogEntry Entry(int ageMinutes, MessageKind kind)
    {
        byte[] message = new byte[DeliverMessage.OverheadBytesMax];
        Assert.True(new DeliverMessage { Kind = kind }.TryEncode(message, out int messageBytes));
        byte[] bytes = new byte[256];
        var body = new DeliverBody
        {
            Channel = "room"u8,
            First = new Position(0, 0, 1, 1),
            AtMilliseconds = (ulong)_time.GetUtcNow().AddMinutes(-ageMinutes).ToUnixTimeMilliseconds(),
            Count = 1,
            EncodedMessages = message.AsSpan(0, messageBytes),
        };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return new LogEntry(1, 1, bytes.AsMemory(0, bodyBytes));
    }
}
