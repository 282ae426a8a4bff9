namespace RelayServer.Fabric;

/// <summary>What a record in an edge's batch is.</summary>
public enum UpstreamKind : byte
{
    /// <summary><c>[1, session, correlation, flags, user_id, PUBLISH body, role, address, service]</c>; the last three may be absent, and the address is nil when only the service is there.</summary>
    Publish = 1,

    /// <summary><c>[2, channel, observe]</c>: tell the top, and relay the channel from there; observe may be absent.</summary>
    Interest = 2,

    /// <summary><c>[3, channel]</c>: relay it no longer.</summary>
    Disinterest = 3,

    /// <summary><c>[4, session, correlation, user_id, role, QUERY body, address]</c>: answered by <see cref="RelayKind.Answer"/> or an error; the address may be absent.</summary>
    Query = 4,

    /// <summary>
    /// <c>[5, channel, generation, [count per partition…], nil | [user…]]</c>: the edge's whole truth about the members it
    /// serves; each one takes the place of the one before.
    /// </summary>
    Presence = 5,

    /// <summary><c>[6, channel, [reaction, count, reaction, count…]]</c>: a sum since the last one; lost ones are not sent again.</summary>
    Reactions = 6,

    /// <summary><c>[7, channel, ticket, bin: members per bucket]</c>: the answer to <see cref="RelayKind.Census"/>.</summary>
    Census = 7,

    /// <summary>
    /// <c>[8, session, id, user_id, role, COMMAND body, line 0|1, client address (absent when unknown)]</c>: answered by a <see cref="RelayKind.Outcome"/>.
    /// As a line its arguments are pieces of one, which is the rest of it.
    /// </summary>
    Command = 8,

    /// <summary><c>[9, session, correlation, service, nil | bin: REGISTER body]</c>: a session is an instance of a service, or is so no longer; then the service may be empty.</summary>
    Register = 9,

    /// <summary><c>[10, session, correlation, service, RETURN body]</c>: what an instance made of a call.</summary>
    Return = 10,
}
