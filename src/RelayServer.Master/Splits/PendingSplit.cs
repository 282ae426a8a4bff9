using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Rooms;

namespace RelayServer.Master.Splits;

/// <summary>A split into groups whose members are being counted.</summary>
internal sealed class PendingSplit(ChannelState channel, ulong ticket, int groups, ulong deadlineMilliseconds)
{
    private readonly uint[] _members = new uint[MemberBucket.Count];

    public ChannelState Channel { get; } = channel;

    /// <summary>Names the count, so that a late answer to an earlier one is not taken.</summary>
    public ulong Ticket { get; } = ticket;

    public int Groups { get; } = groups;

    /// <summary>Who has not answered by then is not waited for.</summary>
    public ulong DeadlineMilliseconds { get; } = deadlineMilliseconds;

    /// <summary>Who asked; null when the room's own policy did.</summary>
    public ParkedRecord? Asker { get; set; }

    /// <summary>Edges whose count is missing.</summary>
    public HashSet<EdgeLink> Awaited { get; } = [];

    /// <summary>Members per bucket, as far as counted.</summary>
    public ReadOnlySpan<uint> Members => _members;

    public ulong MembersTotal
    {
        get
        {
            ulong total = 0;
            foreach (uint members in _members)
            {
                total += members;
            }

            return total;
        }
    }

    public void Add(int bucket, uint members) => _members[bucket] += members;
}
