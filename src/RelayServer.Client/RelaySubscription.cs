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
    private Position? _batchEnd;

    internal RelaySubscription(Membership member, Memberships memberships, Position from, Position top)
    {
        _member = member;
        _memberships = memberships;
        _position = from;
        TopAtJoin = top;
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

    /// <summary>
    /// Completes when the reader asks for more after it has read everything up to <see cref="TopAtJoin"/>. It does not
    /// complete when the stream ends before.
    /// </summary>
    public Task HistoryRead => _historyRead.Task;

    /// <summary>Messages and gaps, until the channel is left or the client disposed.</summary>
    /// <exception cref="RelayException">The membership or the client ended with an error; what came before was yielded.</exception>
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

    /// <summary>The messages alone, for those to whom a gap makes no difference.</summary>
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
            _position = _batchEnd ?? _position;
            _batchEnd = null;
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
                _batchEnd = batch.First.Seq == 0 ? null : batch.Last;
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
            case RelayMessage { IsEphemeral: false } message: _position = message.Position; break;
            case RelayGap gap: _position = gap.Until; break;
        }
    }

    private void NoteHistory()
    {
        if (_position.Seq >= TopAtJoin.Seq)
        {
            _historyRead.TrySetResult();
        }
    }
}
