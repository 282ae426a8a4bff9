using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Hosting;

/// <summary>Runs the edge's state machine: one event at a time in, effects out to shards and fabric.</summary>
internal sealed class EdgeLoop : IEdgeEffects, IDisposable
{
    private const int FlushEventsMax = 256;
    private const double MillisecondsPerSecond = 1000;

    private readonly EdgeOptions _options;
    private readonly IFabric _fabric;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly ILogger _logger;
    private readonly EdgeCore _core;
    private readonly FanoutShard[] _shards;
    private readonly InboxBudget _budget;
    private readonly FabricReads _reads;
    private readonly CancellationTokenSource _stopping = new();

    // Reads may end after the loop was disposed: the source has no token to give any more, this one stays cancelled.
    private readonly CancellationToken _stopped;
    private readonly Channel<EdgeEvent> _inbox =
        Channel.CreateUnbounded<EdgeEvent>(new UnboundedChannelOptions { SingleReader = true });
    private EdgeSession? _heard;
    private bool _hasAnswered;
    private long _relayBytes;
    private int _heldBytes;
    private int _ticks;

    public EdgeLoop(EdgeOptions options, string edgeId, IFabric fabric, TimeProvider time, SteadyClock clock, ILogger logger)
    {
        _options = options;
        _stopped = _stopping.Token;
        _fabric = fabric;
        _time = time;
        _clock = clock;
        _logger = logger;
        _budget = new InboxBudget(options.InboxBytesMax);
        _reads = new FabricReads(fabric, time, happened => Post(happened), _stopped);
        _core = new EdgeCore(options, Encoding.UTF8.GetBytes(edgeId), this, Counters);
        int shards = options.FanoutThreads > 0 ? options.FanoutThreads : Math.Max(1, Environment.ProcessorCount / 2);
        ShardCounters = [.. Enumerable.Range(0, shards).Select(_ => new EdgeCounters())];
        _shards = [.. ShardCounters.Select((counters, index) => new FanoutShard($"{edgeId}/fanout-{index}", options, counters, clock))];
    }

    public EdgeCounters Counters { get; } = new();

    public IReadOnlyList<EdgeCounters> ShardCounters { get; }

    public EdgeCore Core => _core;

    /// <summary>Where stages are timed; set before the loop runs.</summary>
    public EdgeMetrics? Metrics { get; set; }

    /// <summary>Bytes of publishes that wait for an answer, as of the last round.</summary>
    public int HeldBytes => Volatile.Read(ref _heldBytes);

    public long InboxBytes => _budget.UsedBytes + Volatile.Read(ref _relayBytes);

    private ulong NowMilliseconds => _clock.NowMilliseconds;

    /// <summary>The shard that writes to a session: sessions spread evenly by their ids.</summary>
    public FanoutShard ShardOf(ulong sessionId) => _shards[sessionId % (ulong)_shards.Length];

    public void Post(in EdgeEvent happened) => _inbox.Writer.TryWrite(happened);

    /// <summary>A session's part of the inbox.</summary>
    public InboxBudget CreateInbox() => new(InboxBudget.SessionBytesMax, _budget);

    public void TakeRelay(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _relayBytes, message.Length) > _options.RelayInboxBytesMax)
        {
            Interlocked.Add(ref _relayBytes, -message.Length);
            EdgeLog.RelayInboxFull(_logger);
            return;
        }

        Post(new EdgeEvent(EdgeEventKind.Relay) { Message = message });
    }

    /// <summary>Hands over frames of a session, for which room was taken in its inbox.</summary>
    public void PostFrames(EdgeSession session, in ReadOnlySequence<byte> frames, int budgetBytes)
    {
        int bytes = (int)frames.Length;
        byte[] pooled = ArrayPool<byte>.Shared.Rent(bytes);
        frames.CopyTo(pooled);
        Post(new EdgeEvent(EdgeEventKind.Frames) { Session = session, Pooled = pooled, PooledBytes = bytes, BudgetBytes = budgetBytes });
    }

    public void TickShards()
    {
        foreach (FanoutShard shard in _shards)
        {
            shard.Post(new ShardItem { Kind = ShardItemKind.Tick });
        }
    }

    public async Task RunAsync()
    {
        ChannelReader<EdgeEvent> reader = _inbox.Reader;
        while (await reader.WaitToReadAsync(_stopped))
        {
            int events = 0;
            while (reader.TryRead(out EdgeEvent happened))
            {
                Handle(happened);
                if (++events % FlushEventsMax == 0)
                {
                    _core.Flush(NowMilliseconds);
                }
            }

            _core.Flush(NowMilliseconds);
            Volatile.Write(ref _heldBytes, _core.HeldBytes);
        }
    }

    /// <summary>Ends <see cref="RunAsync"/>; what is in the inbox is not handled any more.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        foreach (FanoutShard shard in _shards)
        {
            shard.Dispose();
        }

        _core.Dispose();
        _stopping.Dispose();
    }

    public void Send(EdgeSession session, SharedFrame frame)
    {
        if (session == _heard)
        {
            _hasAnswered = true;
        }

        session.Output!.Shard.Post(new ShardItem { Kind = ShardItemKind.Send, Session = session, Frame = frame });
    }

    public void BatchAnswered(ulong milliseconds) => Metrics?.Answered(milliseconds / MillisecondsPerSecond);

    public void Fanout(PartitionFeed feed, SharedFrame frame, int messages, Capabilities needs)
    {
        if (messages > 0 && needs == Capabilities.None)
        {
            Metrics?.Batch(messages);
        }

        if (feed.Members is not { } members)
        {
            frame.Release();
            return;
        }

        for (int i = 0; i < _shards.Length; i++)
        {
            _shards[i].Post(new ShardItem
            {
                Kind = ShardItemKind.Fanout,
                Members = members[i],
                Frame = i == _shards.Length - 1 ? frame : frame.AddReference(),
                Count = messages,
                Needs = needs,
            });
        }
    }

    public void AddMember(PartitionFeed feed, EdgeSession session, bool isFurther) => Member(feed, session, ShardItemKind.AddMember, isFurther);

    public void RemoveMember(PartitionFeed feed, EdgeSession session) => Member(feed, session, ShardItemKind.RemoveMember);

    public void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text)
    {
        session.Output!.Shard.Post(new ShardItem
        {
            Kind = ShardItemKind.Close,
            Session = session,
            Frame = ServerFrames.Close(code, text),
            Flag = true,
        });
    }

    public void End(EdgeSession session) =>
        session.Output!.Shard.Post(new ShardItem { Kind = ShardItemKind.End, Session = session });

    public void NotifyWhenDrained(Reader reader) => reader.Session.Output!.Shard.Post(new ShardItem
    {
        Kind = ShardItemKind.WhenDrained,
        Session = reader.Session,
        Callback = () => Post(new EdgeEvent(EdgeEventKind.Drained) { Reader = reader }),
    });

    public void NotifyWhenApplied(MasterLink link, ulong relayNo)
    {
        long arrivedAt = _time.GetTimestamp();
        var applied = new EdgeEvent(EdgeEventKind.Applied) { Link = link, LinkNumber = link.Number, RelayNo = relayNo };
        MarkShards(() =>
        {
            Metrics?.FannedOut(_time.GetElapsedTime(arrivedAt).TotalSeconds);
            Post(applied);
        });
    }

    public void NotifyWhenHandedOut(PartitionFeed feed) =>
        MarkShards(() => Post(new EdgeEvent(EdgeEventKind.HandedOut) { Feed = feed }));

    // The last shard that has handed out everything before the mark calls back.
    private void MarkShards(Action reached)
    {
        int left = _shards.Length;
        foreach (FanoutShard shard in _shards)
        {
            shard.Post(new ShardItem
            {
                Kind = ShardItemKind.Mark,
                Callback = () =>
                {
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        reached();
                    }
                },
            });
        }
    }

    public void SendUpstream(MasterLink link, ReadOnlyMemory<byte> message)
    {
        // At most once is the contract: a send that fails is found by the batch that stays unanswered. The message lies
        // in a buffer that the link uses again: the fabric is done with it when the call returns.
        ValueTask<bool> sending = _fabric.SendAsync(link.Address, message, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
        {
            _ = sending.AsTask().ContinueWith(
                static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    public void ReadLog(LogRead read) => _reads.ReadLog(read);

    public void EntryUnreadable(PartitionFeed feed, Position last) =>
        EdgeLog.EntryUnreadable(_logger, feed.Log.Channel, last.Epoch, last.Seq);

    public void ReadSlots() => _reads.ReadSlots();

    private void Member(PartitionFeed feed, EdgeSession session, ShardItemKind kind, bool flag = false)
    {
        FanoutShard shard = session.Output!.Shard;
        MemberList[] members = feed.Members ??= [.. _shards.Select(_ => new MemberList())];
        shard.Post(new ShardItem { Kind = kind, Session = session, Members = members[Array.IndexOf(_shards, shard)], Flag = flag });
    }

    private void Handle(in EdgeEvent happened)
    {
        ulong now = NowMilliseconds;
        switch (happened.Kind)
        {
            case EdgeEventKind.Frames:
                Hear(happened, now);
                break;
            case EdgeEventKind.Relay:
                Interlocked.Add(ref _relayBytes, -happened.Message.Length);
                if (!_core.Relay(happened.Message.Span, now))
                {
                    EdgeLog.BadRelay(_logger);
                }

                break;
            case EdgeEventKind.Applied:
                EdgeCore.RelayApplied(happened.Link!, happened.LinkNumber, happened.RelayNo);
                break;
            case EdgeEventKind.Opened:
                _core.SessionOpened(happened.Session!);
                break;
            case EdgeEventKind.Closed:
                _core.SessionClosed(happened.Session!, now);
                break;
            case EdgeEventKind.HandedOut:
                _core.HandedOut(happened.Feed!);
                break;
            case EdgeEventKind.LogRead:
                _core.LogRead(happened.Read!, happened.Page);
                break;
            case EdgeEventKind.Drained:
                _core.Drained(happened.Reader!);
                break;
            case EdgeEventKind.Slots:
                _core.SlotsChanged(happened.Slots!, now);
                break;
            case EdgeEventKind.Tick:
                Tick(now);
                break;
            case EdgeEventKind.Quarter:
                _core.TickQuarter(now);
                break;
            case EdgeEventKind.Revoked:
                _core.CloseRevoked(happened.IsMeant!);
                break;
            case EdgeEventKind.Drain:
                _core.Drain((uint)_options.DrainMilliseconds);
                break;
            case EdgeEventKind.CloseAll:
                _core.CloseAll(ErrorCode.Draining, "this edge is going away; connect to another one"u8);
                break;
        }
    }

    private void Hear(in EdgeEvent happened, ulong now)
    {
        EdgeSession session = happened.Session!;
        (_heard, _hasAnswered) = (session, false);
        _core.Frames(session, happened.Pooled.AsSpan(0, happened.PooledBytes), now);
        _heard = null;
        ArrayPool<byte>.Shared.Return(happened.Pooled!);
        if (_hasAnswered)
        {
            // Not before the shard is done with the answers: it may be slower than whoever asks.
            session.Output!.Shard.Post(new ShardItem { Kind = ShardItemKind.Answered, Session = session, Count = happened.BudgetBytes });
        }
        else
        {
            session.Inbox!.Return(happened.BudgetBytes);
        }
    }

    private void Tick(ulong now)
    {
        const int SlotsEveryTicks = 5;
        _core.Tick(now);
        TickShards();
        if (!_core.HasOwners || ++_ticks % SlotsEveryTicks == 0)
        {
            ReadSlots();
        }
    }
}
