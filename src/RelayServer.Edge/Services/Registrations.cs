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

    private readonly Dictionary<EdgeSession, Registration> _bySession = [];

    public int Count => _bySession.Count;

    /// <summary>Takes a REGISTER.</summary>
    public void Take(EdgeSession session, uint correlation, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (session.Service.Length == 0)
        {
            refusals.Refuse(session, correlation, ErrorCode.Forbidden, "the token of this session names no service"u8);
        }
        else if (_bySession.Count >= SessionsMax && !_bySession.ContainsKey(session))
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "this edge has no room for another instance of a service; try another edge"u8);
        }
        else
        {
            _bySession[session] = new Registration(_bySession.GetValueOrDefault(session).Accepted, body.ToArray(), correlation);
            Announce(session, nowMilliseconds);
        }
    }

    /// <summary>Takes a RETURN.</summary>
    public void Return(EdgeSession session, uint correlation, ReadOnlySpan<byte> body, EdgeOptions options, ulong nowMilliseconds)
    {
        if (!_bySession.ContainsKey(session))
        {
            refusals.Refuse(session, correlation, ErrorCode.Forbidden, "this session is no instance of a service; REGISTER first"u8);
        }
        else if (upstream.HeldBytes + body.Length > options.UpstreamBytesMax)
        {
            refusals.Refuse(session, correlation, ErrorCode.Overloaded, "the masters are behind; try again"u8);
        }
        else
        {
            var record = new UpstreamRecord { Kind = UpstreamKind.Return, Session = session.Id, Correlation = correlation, Service = session.Service, Body = body };
            upstream.Add(record, Slot.Of(session.Service), nowMilliseconds);
        }
    }

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

    /// <summary>A master may have forgotten, or missed, what it was told.</summary>
    public void Repeat(MasterLink link, ulong nowMilliseconds)
    {
        foreach (EdgeSession session in _bySession.Keys)
        {
            if (upstream.Owns(link, Slot.Of(session.Service)))
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
