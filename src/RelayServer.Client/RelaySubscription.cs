using System.Runtime.CompilerServices;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// A joined channel as a stream of <see cref="RelayEvent"/>: every message once and in order, across reconnects, and
/// a <see cref="RelayGap"/> where the relay says that something is missing. Read it with one <c>await foreach</c> at a
/// time; a second one goes on where the first stopped.
/// </summary>
public sealed class RelaySubscription : IAsyncEnumerable<RelayEvent>, IAsyncDisposable
{
    private readonly Membership _member;
    private readonly Memberships _memberships;
    private readonly SenderNames _senders = new();
    private readonly List<RelayEvent> _decoded = [];
    private readonly TaskCompletionSource _historyRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _nextDecoded;
    private int _reading;
    private Position _position;
    private DeliveredBatch? _batch;

    // What an observer has read of each partition; null for a member, who reads one log at a time.
    private readonly ObserverCursor? _observed;

    internal RelaySubscription(Membership member, Memberships memberships, Position from, Position top)
    {
        _member = member;
        _memberships = memberships;
        _position = from;
        TopAtJoin = top;
        if (member.Cursor.From.IsObserver)
        {
            _observed = new ObserverCursor(member.Cursor.From);
            _observed.Joined(from);
        }

        NoteHistory();
    }

    /// <summary>The channel.</summary>
    public string Channel => _member.Channel;

    /// <summary>The end of the log when the membership began: up to there messages are history.</summary>
    public Position TopAtJoin { get; }

    /// <summary>
    /// The position of what was read last: what <see cref="JoinFrom.After"/> takes to go on there later. It also moves
    /// past places in the log that hold nothing to show.
    /// </summary>
    public Position Position => _position;

    /// <summary>True when it receives every partition of a split room.</summary>
    public bool IsObserver => _observed is not null;

    /// <summary>
    /// The positions of what was read last, one for each partition: what <see cref="JoinFrom.ObserveAfter"/> takes. Of a
    /// member the one that it has.
    /// </summary>
    public IReadOnlyList<Position> Positions => _observed?.Positions ?? [_position];

    /// <summary>What the relay said last about the room; null before it did, and of one that does not know rooms.</summary>
    public RoomStatus? Status => _member.Status;

    /// <summary>The last count of members; null before there was one.</summary>
    public RelayCounts? Counts => _member.Counts;

    /// <summary>
    /// Completes when the reader asks for more after it has read everything up to <see cref="TopAtJoin"/>. It does not
    /// complete when the stream ends before.
    /// </summary>
    public Task HistoryRead => _historyRead.Task;

    /// <summary>Messages and other events, until the channel is left or the client disposed.</summary>
    /// <exception cref="RelayException">
    /// The membership or the client ended with an error, such as <see cref="ErrorCode.Banned"/> or <see cref="ErrorCode.Kicked"/>;
    /// what came before was yielded.
    /// </exception>
    /// <exception cref="InvalidOperationException">The subscription is being read already.</exception>
    public async IAsyncEnumerator<RelayEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException($"'{Channel}' is being read already");
        }

        try
        {
            while (_nextDecoded < _decoded.Count || await DecodeNextAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_nextDecoded < _decoded.Count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    RelayEvent next = _decoded[_nextDecoded++];
                    NotePosition(next);
                    yield return next;
                    NoteHistory();
                }
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>The messages alone, for those to whom nothing else makes a difference.</summary>
    public async IAsyncEnumerable<RelayMessage> ReadMessagesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (RelayEvent next in this.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (next is RelayMessage message)
            {
                yield return message;
            }
        }
    }

    /// <summary>
    /// Leaves the channel: waits until its publishes are answered, then for the relay's confirmation. What was received
    /// before can still be read; then the stream ends.
    /// </summary>
    public Task LeaveAsync(CancellationToken cancellationToken = default) => _memberships.LeaveAsync(_member, cancellationToken);

    /// <summary>Leaves the channel without waiting; publishes that are not answered fail.</summary>
    public ValueTask DisposeAsync()
    {
        _memberships.Abandon(_member);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> DecodeNextAsync(CancellationToken cancellationToken)
    {
        _decoded.Clear();
        _nextDecoded = 0;
        while (_decoded.Count == 0)
        {
            // Messages of kinds that this version does not know were passed over, and count all the same.
            if (_batch is { } read)
            {
                NoteRead(read.Last, read.EndsLog);
                _batch = null;
            }

            NoteHistory();
            if (!await _member.Queue.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            if (!_member.Queue.TryDequeue(out object? item))
            {
                continue;
            }

            if (item is DeliveredBatch batch)
            {
                batch.Decode(_decoded, _senders);
                _batch = batch.First.Seq == 0 ? null : batch;
            }
            else
            {
                _decoded.Add((RelayEvent)item!);
            }

            _memberships.NoteRead(_member);
        }

        return true;
    }

    private void NotePosition(RelayEvent next)
    {
        switch (next)
        {
            case RelayEntry { Position: { Seq: > 0 } position }:
                NoteRead(position, endsLog: false);
                break;
            case RelayGap gap:
                _position = gap.Until;
                _observed?.TakeGap(gap.After, gap.Until, gap.Reason);
                break;
            case RelayMoved moved:
                _position = moved.To;
                _observed?.TakeGap(moved.From, moved.To, GapReason.Moved);
                break;
        }
    }

    private void NoteRead(Position position, bool endsLog)
    {
        _position = position;
        _observed?.Take(position, endsLog);
    }

    private void NoteHistory()
    {
        if (_position.Reaches(TopAtJoin))
        {
            _historyRead.TrySetResult();
        }
    }
}
