using System.Net;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Rooms;
using RelayServer.Identity;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Sessions;

/// <summary>One authenticated connection as the edge's state machine knows it.</summary>
internal sealed class EdgeSession(ulong id, byte[] userId)
{
    private readonly List<Membership> _memberships = new(1);
    private Membership? _last;

    /// <summary>JOINs against their rate limit; a field, because it changes in place.</summary>
    public TokenBucket Joins;

    /// <summary>Publishes against their rate limit.</summary>
    public TokenBucket Publishes;

    /// <summary>Their bytes against theirs.</summary>
    public TokenBucket PublishBytes;

    /// <summary>Questions against theirs.</summary>
    public TokenBucket Queries;

    /// <summary>Controls against theirs.</summary>
    public TokenBucket Controls;

    /// <summary>Commands against theirs.</summary>
    public TokenBucket CommandRate;

    /// <summary>REGISTERs against theirs.</summary>
    public TokenBucket Registers;

    /// <summary>Reactions, summed, against theirs.</summary>
    public TokenBucket Reactions;

    public ulong Id { get; } = id;

    public byte[] UserId { get; } = userId;

    /// <summary>The way out; belongs to its shard's thread. Absent where the state machine runs without connections.</summary>
    public SessionOutput? Output { get; init; }

    /// <summary>What it may have sent that is not answered yet; absent with <see cref="Output"/>.</summary>
    public InboxBudget? Inbox { get; init; }

    /// <summary>What both sides have.</summary>
    public Capabilities Capabilities { get; init; }

    /// <summary>Where it comes from, when that is known; IPv4 seen through an IPv6 socket is IPv4.</summary>
    public IPAddress? Address
    {
        get;
        init => field = value is { IsIPv4MappedToIPv6: true } ? value.MapToIPv4() : value;
    }

    /// <summary>What its token lets its user be; none is a plain member.</summary>
    public Role Role { get; init; }

    /// <summary>The service that its token speaks for; empty without.</summary>
    public byte[] Service { get; init; } = [];

    /// <summary>The operator's own: without the limits that guard the relay from users, and from services that are others'.</summary>
    public bool IsTrusted => Role >= Role.Service && Service.Length == 0;

    /// <summary>The services that its user has allowed; null when he was not asked.</summary>
    public IReadOnlySet<string>? Consents { get; init; }

    /// <summary>What its token can be revoked by; null where it came without one.</summary>
    public TokenIdentity? Token { get; init; }

    /// <summary>When its token ends, as Unix time in milliseconds.</summary>
    public long ExpiresAtMilliseconds { get; init; } = long.MaxValue;

    /// <summary>Written by the reader, read by the shard.</summary>
    public long ReceivedAtMilliseconds { get; set; }

    /// <summary>Questions that wait for an answer; absent without.</summary>
    public List<PendingQuery>? PendingQueries { get; set; }

    /// <summary>Not before then is it told again that it reacts too much.</summary>
    public ulong ReactionRefusalDueMilliseconds { get; set; }

    /// <summary>Commands that wait for an answer, as the edge names them; absent before the first.</summary>
    public List<uint>? PendingCommands { get; set; }

    /// <summary>Publishes with an ack wanted that have no answer yet.</summary>
    public int Unanswered { get; set; }

    /// <summary>A CLOSE was written or the connection is gone: nothing it sends counts any more.</summary>
    public bool IsClosed { get; set; }

    public IReadOnlyList<Membership> Memberships => _memberships;

    public Membership? Find(ReadOnlySpan<byte> channel)
    {
        // A session mostly speaks in one room at a time.
        if (_last is not null && channel.SequenceEqual(_last.Room.Name))
        {
            return _last;
        }

        foreach (Membership membership in _memberships)
        {
            if (channel.SequenceEqual(membership.Room.Name))
            {
                _last = membership;
                return membership;
            }
        }

        return null;
    }

    public void Add(Membership membership) => _memberships.Add(membership);

    public void Remove(Membership membership)
    {
        _memberships.Remove(membership);
        if (_last == membership)
        {
            _last = null;
        }
    }
}
