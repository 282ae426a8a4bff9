using RelayServer.Edge.Hosting;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Services;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Sessions;

/// <summary>Brings questions about rooms to their owners, and the answers back: each gets one, be it a refusal.</summary>
internal sealed class Queries(
    EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, Refusals refusals, UpstreamRouter upstream, RoomTable rooms)
{
    /// <summary>Questions of one session that wait for their answer.</summary>
    public const int PendingMax = 16;

    private readonly RateLimit _rate = RateLimit.Of(options.QueriesPerSecondMax);
    private readonly HashSet<EdgeSession> _asking = [];

    public void Ask(EdgeSession session, uint correlation, in QueryBody query, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (!Enum.IsDefined(query.What))
        {
            refusals.Refuse(session, correlation, ErrorCode.BadArgument, "this server does not know the question"u8, query.Channel);
        }
        else if (query.What >= QueryKind.Menu && !session.Capabilities.HasFlag(Capabilities.Services))
        {
            refusals.Refuse(session, correlation, ErrorCode.BadArgument, "this session has not agreed to services"u8, query.Channel);
        }
        else if (!IsAboutSomething(session, query))
        {
            refusals.Refuse(session, correlation, ErrorCode.BadChannelName, "the question is about a room, which it does not name"u8);
        }
        else if (query.What == QueryKind.Rooms && query.After.Length > 0 && !ChannelName.IsValid(query.After))
        {
            refusals.Refuse(session, correlation, ErrorCode.BadArgument, "the list goes on after the name of a room, which this is not"u8);
        }
        else if (session.Queries.Wait(_rate, 1, nowMilliseconds) is > 0 and uint wait)
        {
            refusals.Refuse(session, correlation, ErrorCode.RateLimited, "too many questions; slow down"u8, query.Channel, retryAfterMilliseconds: wait);
        }
        else if ((ServiceSessions.CheckQuery(session, query) ?? rooms.KeptOut(session, query.Channel, nowMilliseconds)) is { } refusal)
        {
            session.Queries.Take(_rate, 1, nowMilliseconds);
            refusals.Refuse(session, correlation, refusal, query.Channel);
        }
        else if (session.PendingQueries is { Count: >= PendingMax })
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "wait for answers before asking more"u8, query.Channel);
        }
        else if (upstream.HeldBytes + body.Length > options.UpstreamBytesMax)
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "the masters are behind; try again"u8, query.Channel);
        }
        else
        {
            session.Queries.Take(_rate, 1, nowMilliseconds);
            (session.PendingQueries ??= []).Add(new PendingQuery(correlation, query.Channel.ToArray(), nowMilliseconds));
            _asking.Add(session);
            counters.Queries++;
            var record = new UpstreamRecord
            {
                Kind = UpstreamKind.Query,
                Session = session.Id,
                Correlation = correlation,
                UserId = session.UserId,
                Role = (byte)session.Role,
                QueryBody = body,
                ClientAddress = query.What == QueryKind.Rooms ? null : rooms.AddressFor(session, query.Channel),
            };
            upstream.Add(record, UpstreamRouter.SlotOf(query), nowMilliseconds);
        }
    }

    // A room, or where services come in the own inbox, which need not be named.
    private static bool IsAboutSomething(EdgeSession session, in QueryBody query) => query.What switch
    {
        QueryKind.Rooms => true,
        QueryKind.Menu or QueryKind.Subscriptions when query.Channel.IsEmpty || ChannelName.IsInboxOf(query.Channel, session.UserId) => true,
        _ => ChannelName.IsValid(query.Channel),
    };

    /// <summary>An answer has come; what is asked twice upstream may be answered twice, and goes out once.</summary>
    public void Answered(EdgeSession session, uint correlation, ReadOnlySpan<byte> body)
    {
        if (Settle(session, correlation))
        {
            effects.Send(session, SharedFrame.Create(FrameType.Answer, FrameFlags.None, correlation, body));
        }
    }

    /// <summary>Takes a question off the list; false when it is not on it.</summary>
    public bool Settle(EdgeSession session, uint correlation) => Settle(session, correlation, out _);

    public void Forget(EdgeSession session)
    {
        session.PendingQueries = null;
        _asking.Remove(session);
    }

    /// <summary>Refuses what has waited for too long.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        foreach (EdgeSession session in _asking.ToArray())
        {
            foreach (PendingQuery query in session.PendingQueries!.FindAll(query => nowMilliseconds - query.AskedAtMilliseconds >= (ulong)options.PublishHoldMilliseconds))
            {
                Unanswered(session, query.Correlation);
            }
        }
    }

    /// <summary>No master will answer.</summary>
    public void Unanswered(EdgeSession session, uint correlation)
    {
        if (Settle(session, correlation, out PendingQuery query))
        {
            refusals.Refuse(session, correlation, ErrorCode.Unavailable, "no master answered in time; ask again"u8, query.Channel);
        }
    }

    private bool Settle(EdgeSession session, uint correlation, out PendingQuery settled)
    {
        settled = default;
        int index = session.PendingQueries?.FindIndex(query => query.Correlation == correlation) ?? -1;
        if (index < 0)
        {
            return false;
        }

        settled = session.PendingQueries![index];
        session.PendingQueries.RemoveAt(index);
        if (session.PendingQueries.Count == 0)
        {
            Forget(session);
        }

        return true;
    }
}
