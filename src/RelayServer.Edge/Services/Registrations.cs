using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Services;

/// <summary>The sessions that are instances of services: their owners are told of them, again whenever they may have forgotten.</summary>
internal sealed class Registrations(IEdgeEffects effects, Refusals refusals, UpstreamRouter upstream)
{
    /// <summary>Sessions of services at one edge.</summary>
    public const int SessionsMax = 256;

    /// <summary>Of these, sessions of one service: none takes the room of all others.</summary>
    public const int SessionsPerServiceMax = 64;

    /// <summary>REGISTERs of a session in a second, once <see cref="BurstMax"/> were taken.</summary>
    public const int RegistersPerSecondMax = 1;

    /// <summary>REGISTERs of a session at once.</summary>
    public const int BurstMax = 8;

    private static readonly RateLimit s_rate = new(RegistersPerSecondMax, BurstMax);

    private readonly Dictionary<EdgeSession, Registration> _bySession = [];

    public int Count => _bySession.Count;

    /// <summary>Takes a REGISTER.</summary>
    public void Take(EdgeSession session, uint correlation, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (session.Service.Length == 0)
        {
            refusals.Refuse(session, correlation, ErrorCode.Forbidden, "the token of this session names no service"u8);
        }
        else if (!_bySession.ContainsKey(session) && (_bySession.Count >= SessionsMax || CountOf(session.Service) >= SessionsPerServiceMax))
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "this edge has no room for another instance of a service; try another edge"u8);
        }
        else if (_bySession.GetValueOrDefault(session) is { Proposed: not null })
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "wait for the answer to the REGISTER before"u8);
        }
        else if (session.Registers.Wait(s_rate, 1, nowMilliseconds) is > 0 and uint wait)
        {
            refusals.Refuse(session, correlation, ErrorCode.RateLimited, "too many REGISTERs; slow down"u8, retryAfterMilliseconds: wait);
        }
        else
        {
            session.Registers.Take(s_rate, 1, nowMilliseconds);
            _bySession[session] = _bySession.GetValueOrDefault(session) with { Proposed = body.ToArray(), Correlation = correlation };
            Announce(session, nowMilliseconds);
        }
    }

    /// <summary>A call is given to a session; false when that is no instance.</summary>
    public bool TryCall(EdgeSession session)
    {
        if (!_bySession.TryGetValue(session, out Registration registration))
        {
            return false;
        }

        _bySession[session] = registration with { Calls = registration.Calls + 1 };
        return true;
    }

    /// <summary>A master takes a session for an instance that is none: what told it so was lost.</summary>
    public static void Disown(ulong session, MasterLink link, ulong nowMilliseconds) =>
        link.Add(new UpstreamRecord { Kind = UpstreamKind.Register, Session = session }, nowMilliseconds);

    /// <summary>Takes a RETURN.</summary>
    public void Return(EdgeSession session, uint correlation, ReadOnlySpan<byte> body, EdgeOptions options, ulong nowMilliseconds)
    {
        if (!_bySession.TryGetValue(session, out Registration registration))
        {
            refusals.Refuse(session, correlation, ErrorCode.Forbidden, "this session is no instance of a service; REGISTER first"u8);
        }
        else if (registration.Calls == 0)
        {
            // A service that floods must not fill what messages go through; one answer to each call does not.
            refusals.Refuse(session, correlation, ErrorCode.DeadlinePassed, "nobody waits for an answer: each call has one"u8);
        }
        else if (upstream.HeldBytes + body.Length > options.UpstreamBytesMax)
        {
            // Answers that were saved up may be many at once, and the calls stay to be answered.
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "the masters are behind; try again"u8, retryAfterMilliseconds: Refusals.RetryAfterMilliseconds);
        }
        else
        {
            _bySession[session] = registration with { Calls = registration.Calls - 1 };
            var record = new UpstreamRecord { Kind = UpstreamKind.Return, Session = session.Id, Correlation = correlation, Service = session.Service, Body = body };
            upstream.Add(record, Slot.Of(session.Service), nowMilliseconds);
        }
    }

    private int CountOf(byte[] service) => _bySession.Keys.Count(session => session.Service.AsSpan().SequenceEqual(service));

    /// <summary>The owner has answered to a REGISTER, which it may have had several times.</summary>
    public void Answered(EdgeSession session, in RelayRecord record)
    {
        if (_bySession.TryGetValue(session, out Registration registration) && registration.Proposed is not null && record.Correlation == registration.Correlation)
        {
            _bySession[session] = registration with { Accepted = registration.Proposed, Proposed = null };
            effects.Send(session, SharedFrame.Create(FrameType.Registered, FrameFlags.None, registration.Correlation, record.Body));
        }
    }

    /// <summary>The owner has refused something of a service's session.</summary>
    public void Refused(EdgeSession session, in RelayRecord record)
    {
        if (_bySession.TryGetValue(session, out Registration registration) && registration.Proposed is not null && registration.Correlation == record.Correlation)
        {
            Withdraw(session, registration);
        }

        refusals.Count(record.Body);
        effects.Send(session, SharedFrame.Create(FrameType.Error, FrameFlags.None, record.Correlation, record.Body));
    }

    /// <summary>The owner of these slots is another, or may have forgotten, or missed, what it was told.</summary>
    public void Repeat(Predicate<int> isMeant, ulong nowMilliseconds)
    {
        foreach (EdgeSession session in _bySession.Keys)
        {
            if (isMeant(Slot.Of(session.Service)))
            {
                Announce(session, nowMilliseconds);
            }
        }
    }

    public void Forget(EdgeSession session, ulong nowMilliseconds)
    {
        if (_bySession.Remove(session))
        {
            upstream.Add(
                new UpstreamRecord { Kind = UpstreamKind.Register, Session = session.Id, Service = session.Service }, Slot.Of(session.Service), nowMilliseconds);
        }
    }

    // What held before goes on to hold.
    private void Withdraw(EdgeSession session, Registration registration)
    {
        if (registration.Accepted is null)
        {
            _bySession.Remove(session);
        }
        else
        {
            _bySession[session] = registration with { Proposed = null };
        }
    }

    private void Announce(EdgeSession session, ulong nowMilliseconds)
    {
        Registration registration = _bySession[session];
        var record = new UpstreamRecord
        {
            Kind = UpstreamKind.Register,
            Session = session.Id,
            Correlation = registration.Correlation,
            Service = session.Service,
            Body = registration.Body,
        };
        upstream.Add(record, Slot.Of(session.Service), nowMilliseconds);
    }
}
