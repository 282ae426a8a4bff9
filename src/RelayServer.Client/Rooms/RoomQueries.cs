using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// The questions about rooms that are not answered yet. A question changes nothing, so it is asked again by every new
/// connection, and after a refusal for now, until its time is over.
/// </summary>
internal sealed class RoomQueries(RelayClientOptions options, ControlQueue control)
{
    /// <summary>Most questions that may wait for an answer.</summary>
    public const int PendingMax = 1024;

    // Joins and leaves count from 1 up: the two never meet.
    private const uint FirstCorrelation = 0x8000_0000;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, PendingQuery> _pending = [];
    private readonly ReconnectBackoff _backoff = new(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
    private uint _lastNumber;
    private bool _connected;
    private bool _hasRooms = true;
    private bool _hasServices = options.HasServices;
    private Exception? _failure;

    /// <summary>Asks, and waits for the answer's body.</summary>
    /// <param name="body">Of the QUERY.</param>
    /// <param name="needsServices">It is about services, which not every edge knows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused, or not answered in time.</exception>
    public async Task<byte[]> AskAsync(byte[] body, CancellationToken cancellationToken, bool needsServices = false)
    {
        using var timeout = new CancellationTokenSource(options.QueryTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        RelayException? lastRefusal = null;
        try
        {
            for (int refusals = 0; ; refusals++)
            {
                try
                {
                    return await AskOnceAsync(body, needsServices, linked.Token).ConfigureAwait(false);
                }
                catch (QueryRefusedException e)
                {
                    lastRefusal = RelayException.Refused(e.Code, e.Message, e.RetryAfter);
                    if (e.Code.Family() != ErrorFamily.Retry)
                    {
                        throw lastRefusal;
                    }

                    await Task.Delay(_backoff.Next(refusals, e.RetryAfter), options.TimeProvider, linked.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw lastRefusal ?? new RelayException(
                ErrorCode.Unavailable, $"the relay did not answer within {options.QueryTimeout.TotalSeconds:0.###} s", e);
        }
    }

    /// <summary>A connection is up: asks everything again that waits.</summary>
    public void Connected(bool hasRooms, bool hasServices = false)
    {
        lock (_gate)
        {
            _connected = true;
            _hasRooms = hasRooms;
            _hasServices = hasServices;
            foreach (PendingQuery query in _pending.Values)
            {
                Send(query);
            }
        }
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _connected = false;
        }
    }

    /// <summary>The client has ended.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (PendingQuery query in _pending.Values)
            {
                query.Answer.TrySetException(ClientFailure.Copy(failure));
            }
        }
    }

    /// <summary>Takes an ANSWER; one that nobody waits for any more is passed over.</summary>
    public void TakeAnswer(uint correlation, ReadOnlySpan<byte> body) => Find(correlation)?.Answer.TrySetResult(body.ToArray());

    /// <summary>Takes the refusal of a question; false when it is of another request.</summary>
    public bool TryTakeRefusal(uint correlation, ErrorCode code, string text, TimeSpan retryAfter)
    {
        PendingQuery? query = Find(correlation);
        query?.Answer.TrySetException(new QueryRefusedException(code, text, retryAfter));
        return query is not null || correlation >= FirstCorrelation;
    }

    /// <summary>Asks about one room, or all.</summary>
    public static byte[] Encode(QueryKind what, string? channel, RoomSearch? search = null)
    {
        byte[] channelUtf8 = Encoding.UTF8.GetBytes(channel ?? "");
        byte[] searchUtf8 = Encoding.UTF8.GetBytes(search?.Text ?? "");
        byte[] afterUtf8 = Encoding.UTF8.GetBytes(search?.After ?? "");
        var body = new QueryBody
        {
            What = what,
            Channel = channelUtf8,
            State = (byte?)search?.State,
            Search = searchUtf8,
            After = afterUtf8,
            Max = (byte)(search?.Max ?? 0),
        };
        byte[] bytes = new byte[QueryBody.OverheadBytesMax + channelUtf8.Length + searchUtf8.Length + afterUtf8.Length];
        body.TryEncode(bytes, out int bodyBytes);
        return bytes[..bodyBytes];
    }

    /// <summary>Asks who is kept away from a room, or from speaking in it.</summary>
    public static byte[] EncodeRestrictions(string channel, RoomRestriction? after, int max)
    {
        byte[] channelUtf8 = Encoding.UTF8.GetBytes(channel);
        byte[] afterUtf8 = Encoding.UTF8.GetBytes(after?.User ?? "");
        var body = new QueryBody
        {
            What = QueryKind.Restrictions,
            Channel = channelUtf8,
            After = afterUtf8,
            AfterKind = (byte)(after?.Kind ?? 0),
            Max = (byte)max,
        };
        byte[] bytes = new byte[QueryBody.OverheadBytesMax + channelUtf8.Length + afterUtf8.Length];
        body.TryEncode(bytes, out int bodyBytes);
        return bytes[..bodyBytes];
    }

    private async Task<byte[]> AskOnceAsync(byte[] body, bool needsServices, CancellationToken cancellationToken)
    {
        PendingQuery query = Add(body, needsServices);
        try
        {
            return await query.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(query.Correlation);
            }
        }
    }

    private PendingQuery Add(byte[] body, bool needsServices)
    {
        lock (_gate)
        {
            ClientFailure.ThrowIfAny(_failure);
            if (_pending.Count >= PendingMax)
            {
                throw new RelayException(ErrorCode.Overloaded, $"{PendingMax} questions wait for their answer already");
            }

            var query = new PendingQuery(FirstCorrelation | (_lastNumber++ & ~FirstCorrelation), body, needsServices);
            _pending.Add(query.Correlation, query);
            Send(query);
            return query;
        }
    }

    private void Send(PendingQuery query)
    {
        if (!_hasRooms)
        {
            query.Answer.TrySetException(MissingCapability.Rooms());
        }
        else if (query.NeedsServices && !_hasServices)
        {
            query.Answer.TrySetException(MissingCapability.Services());
        }
        else if (_connected)
        {
            control.WriteQuery(query.Correlation, query.Body);
        }
    }

    private PendingQuery? Find(uint correlation)
    {
        lock (_gate)
        {
            return _pending.GetValueOrDefault(correlation);
        }
    }
}
