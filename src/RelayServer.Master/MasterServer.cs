using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Protocol;

namespace RelayServer.Master;

/// <summary>A master: claims the slots, then orders, logs and forwards what edges send until it is stopped or fenced.</summary>
public sealed class MasterServer : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly MasterOptions _options;
    private readonly IFabric _fabric;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly ILogger _logger;
    private readonly string _masterId;
    private readonly MasterCore _core;
    private readonly MasterMetrics _metrics;
    private readonly ChannelReads _reads;
    private readonly RecordListing _listing;
    private readonly Channel<MasterEvent> _inbox =
        Channel.CreateUnbounded<MasterEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FabricFlush _flush = new();
    private readonly Queue<ReadOnlyMemory<byte>> _held = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _run = Task.CompletedTask;
    private Task _flushing = Task.CompletedTask;
    private Task _sweeping = Task.CompletedTask;
    private long _inboxBytes;
    private int _ticks;
    private bool _isQuarterDue;
    private bool _isSecondDue;
    private int _disposed;
    private bool _isFlushing;
    private volatile string? _notReadyReason = "the master has not started";

    /// <summary>Makes a master; nothing happens until <see cref="StartAsync"/>.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="fabric">What it talks and stores with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For what operators should know.</param>
    /// <param name="subjectKey">What services' subjects are made with (<see cref="PairwiseSubject"/>); null for a secret that the fabric keeps.</param>
    public MasterServer(MasterOptions options, IFabric fabric, TimeProvider time, ILoggerFactory loggers, byte[]? subjectKey = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _fabric = fabric;
        _time = time;
        _clock = new SteadyClock(time);
        _logger = loggers.CreateLogger<MasterServer>();
        _masterId = NodeId.New(options.Name);
        _reads = new ChannelReads(fabric, time, _inbox.Writer);
        _listing = new RecordListing(fabric, time, _inbox.Writer, _logger);
        var counters = new MasterCounters();
        UInt128 hashKey = MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16));
        _core = new MasterCore(options, Encoding.UTF8.GetBytes(_masterId), counters, hashKey, SubjectKey.Of(subjectKey));
        _metrics = new MasterMetrics(counters, _core, () => Volatile.Read(ref _inboxBytes));
    }

    /// <summary>Why the master cannot serve now; null when it can.</summary>
    public string? NotReadyReason => _notReadyReason ?? (_fabric.IsConnected ? null : "the fabric cannot be reached");

    /// <summary>Ends when the master stops; fails when another master has taken over or on an error of its own.</summary>
    public Task Completion => _completion.Task;

    private ulong NowMilliseconds => _clock.NowMilliseconds;

    /// <summary>Starts in the background: a fabric that cannot be reached yet is waited for, and readiness says so.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _notReadyReason = "the master is waiting for the fabric";
        _run = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Finishes the flush under way and stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _notReadyReason = "the master has stopped";
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync(CancellationToken.None);
        _metrics.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var sweepEnds = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using IAsyncDisposable subscription = await RetryAsync(
                () => _fabric.SubscribeAsync(FabricAddress.Master(_masterId), TakeUpstream, cancellationToken), cancellationToken);
            await ClaimAsync(cancellationToken);
            _sweeping = new LogSweep(_options, _fabric, _time, _clock, ExpireAsync, _logger).RunAsync(sweepEnds.Token);
            await using ITimer timer = _time.CreateTimer(
                static state => ((MasterServer)state!)._inbox.Writer.TryWrite(MasterEvent.Tick), this, TickInterval, TickInterval);
            await LoopAsync(cancellationToken);
            _completion.TrySetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _completion.TrySetResult();
        }
        catch (Exception exception)
        {
            _notReadyReason = "the master has failed";
            MasterLog.Failed(_logger, exception);
            _completion.TrySetException(exception);
        }
        finally
        {
            await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _reads.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await sweepEnds.CancelAsync();
            await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _listing.DisposeAsync();
            _core.Dispose();
        }
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        ChannelReader<MasterEvent> reader = _inbox.Reader;
        while (await reader.WaitToReadAsync(cancellationToken))
        {
            while (reader.TryRead(out MasterEvent happened))
            {
                await HandleAsync(happened, cancellationToken);
            }

            StartLoads(cancellationToken);
            RunTicks();
            StartFlush(cancellationToken);

            // Before what waits to be received: that could fill every flush, and nothing would be done in time any more.
            RunTicks();
            ReceiveHeld();
        }
    }

    private async ValueTask HandleAsync(MasterEvent happened, CancellationToken cancellationToken)
    {
        switch (happened.Kind)
        {
            case MasterEventKind.Upstream:
                ReceiveHeld();
                if (_core.IsFull)
                {
                    _core.Hear(happened.Message.Span, NowMilliseconds);
                }

                _held.Enqueue(happened.Message);
                ReceiveHeld();
                break;
            case MasterEventKind.Flushed:
                await FlushedAsync(happened.FlushStatus, cancellationToken);
                break;
            case MasterEventKind.Room:
                happened.Channel!.Restore(happened.Room);
                _reads.ReadLog(happened.Channel.Logs.First(), 0, 0, cancellationToken);
                break;
            case MasterEventKind.Unread:
                _core.LoadFailed(happened.Channel!);
                break;
            case MasterEventKind.Unreadable:
                Unreadable(happened.Channel!);
                break;
            case MasterEventKind.Read:
                TakePage(happened.Log!, happened.Page!, cancellationToken);
                break;
            case MasterEventKind.Expired:
                happened.Answer!.TrySetResult(_core.TryExpire(happened.Message.Span, NowMilliseconds));
                break;
            case MasterEventKind.Listed:
                _core.Listed(happened.Epoch, happened.Records!);
                happened.Answer!.TrySetResult(true);
                break;
            case MasterEventKind.TopicRead:
                _core.TopicRead(happened.Topic!, happened.Page, NowMilliseconds);
                break;
            case MasterEventKind.Tick:
                _isQuarterDue = true;
                _isSecondDue |= ++_ticks % 4 == 0;
                break;
        }
    }

    private void RunTicks()
    {
        if (_isQuarterDue && !_core.IsFull)
        {
            _isQuarterDue = false;
            _core.TickQuarter(NowMilliseconds);
        }

        if (_isSecondDue && !_core.IsFull)
        {
            _isSecondDue = false;
            _core.Tick(NowMilliseconds);
        }
    }

    // Input beyond what one flush takes waits here, in order; its bytes still count as the inbox's.
    private void ReceiveHeld()
    {
        while (!_core.IsFull && _held.TryDequeue(out ReadOnlyMemory<byte> message))
        {
            Interlocked.Add(ref _inboxBytes, -message.Length);
            if (!_core.Receive(message.Span, NowMilliseconds))
            {
                MasterLog.BadUpstream(_logger);
            }
        }
    }

    private Task<bool> ExpireAsync(string channel, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _inbox.Writer.TryWrite(MasterEvent.Expired(Encoding.UTF8.GetBytes(channel), answer));
        return answer.Task.WaitAsync(cancellationToken);
    }

    private void TakeUpstream(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _inboxBytes, message.Length) > _options.InboxBytesMax)
        {
            Interlocked.Add(ref _inboxBytes, -message.Length);
            MasterLog.InboxFull(_logger);
            return;
        }

        _inbox.Writer.TryWrite(MasterEvent.Upstream(message));
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SlotOwner> slots = await RetryAsync(
            () => _fabric.ClaimSlotsAsync(_masterId, Math.Max(_core.EpochMax, SecondsNow()), cancellationToken), cancellationToken);
        _core.Own(slots);
        _listing.Restart(_core.EpochMax);
        _notReadyReason = null;
        MasterLog.Claimed(_logger, _masterId, _core.EpochMax);
    }

    // A store that has lost everything, with every master restarted, remembers no epoch; the date does. Clients still
    // hold positions of the old history, and must see that the new one is another.
    private ulong SecondsNow() => (ulong)_time.GetUtcNow().ToUnixTimeSeconds();

    private void StartFlush(CancellationToken cancellationToken)
    {
        if (!_isFlushing && _core.TryBuildFlush(NowMilliseconds, _flush))
        {
            _isFlushing = true;
            _flushing = FlushAsync(cancellationToken);
        }
    }

    // The same flush is tried until its fate is known: its messages have their places and others follow them.
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        long startedAt = _time.GetTimestamp();
        var status = FlushStatus.Unavailable;
        bool logged = false;
        while (status == FlushStatus.Unavailable)
        {
            try
            {
                status = await _fabric.FlushAsync(_flush, CancellationToken.None);
                if (status == FlushStatus.Unavailable)
                {
                    if (!logged)
                    {
                        logged = true;
                        MasterLog.FabricUnavailable(_logger, _fabric.NotReadyReason ?? "a flush was not answered");
                    }

                    await Task.Delay(RetryInterval, _time, cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // Not about the fabric being away: the loop ends with it rather than wait for ever.
                _inbox.Writer.TryComplete(exception);
                return;
            }
        }

        _metrics.Flushed(_time.GetElapsedTime(startedAt));
        _inbox.Writer.TryWrite(MasterEvent.Flushed(status));
    }

    private async ValueTask FlushedAsync(FlushStatus status, CancellationToken cancellationToken)
    {
        _core.FlushDone();
        _isFlushing = false;
        switch (status)
        {
            case FlushStatus.Fenced:
                _notReadyReason = "another master has taken over";
                MasterLog.Fenced(_logger, _masterId);
                throw new InvalidOperationException($"The slots of master {_masterId} were taken over by another master.");
            case FlushStatus.StoreChanged:
                MasterLog.StoreChanged(_logger);
                _notReadyReason = "the slots are being claimed again";
                await ClaimAsync(cancellationToken);
                break;
        }
    }

    private void StartLoads(CancellationToken cancellationToken)
    {
        while (_core.TryNextLoad(out ChannelState channel))
        {
            _reads.ReadRoom(channel, cancellationToken);
        }

        while (_core.TryNextTopicRead(out TopicCursor topic))
        {
            _reads.ReadTopic(topic, cancellationToken);
        }
    }

    // It is tried again for as long as it takes: a line for the first time is enough.
    private void Unreadable(ChannelState channel)
    {
        if (_core.Unreadable(channel, NowMilliseconds))
        {
            MasterLog.Unreadable(_logger, channel.NameText);
        }
    }

    private void TakePage(PartitionLog log, LogPage page, CancellationToken cancellationToken)
    {
        if (!ChannelLoad.TakePage(log, page))
        {
            MasterLog.BadLogEntry(_logger, log.Key.Channel);
        }

        if (page.HasMore)
        {
            LogEntry last = page.Entries[^1];
            _reads.ReadLog(log, last.Epoch, last.LastSeq + 1, cancellationToken);
        }
        else if (log.Channel.After(log) is { } next)
        {
            _reads.ReadLog(next, 0, 0, cancellationToken);
        }
        else
        {
            _core.Loaded(log.Channel, NowMilliseconds);
        }
    }

    private Task<T> RetryAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken) => FabricRetry.RunAsync(
        action, RetryInterval, reason => MasterLog.FabricUnavailable(_logger, reason), _time, cancellationToken);
}
