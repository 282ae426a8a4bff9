using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Splits;

/// <summary>A split into groups whose members are being counted.</summary>
internal sealed class PendingSplit(ChannelState channel, ulong ticket, int groups, ulong deadlineMilliseconds)
{
    // Of one split there is one request, but for a client that has come back over another connection; few do so in half a second.
    private const int AskersMax = 8;

    private readonly uint[] _members = new uint[MemberBucket.Count];
    private readonly List<ParkedRecord> _askers = [];

    public ChannelState Channel { get; } = channel;

    /// <summary>Names the count, so that a late answer to an earlier one is not taken.</summary>
    public ulong Ticket { get; } = ticket;

    public int Groups { get; } = groups;

    /// <summary>Who has not answered by then is not waited for.</summary>
    public ulong DeadlineMilliseconds { get; } = deadlineMilliseconds;

    /// <summary>The request, as it came over each connection; none when the room's own policy asks.</summary>
    public IReadOnlyList<ParkedRecord> Askers => _askers;

    /// <summary>Edges that were asked.</summary>
    public HashSet<EdgeLink> Edges { get; } = [];

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

    /// <summary>All have answered who may, or there was enough time to.</summary>
    public bool IsDone(ulong nowMilliseconds) =>
        nowMilliseconds >= DeadlineMilliseconds || (Awaited.Count == 0 && nowMilliseconds >= Channel.SettledAtMilliseconds);

    /// <summary>The request has come, maybe once more: over the same connection it is answered once.</summary>
    public void Add(ParkedRecord asker)
    {
        int same = _askers.FindIndex(other => other.Link == asker.Link && SessionOf(other) == SessionOf(asker));
        if (same < 0 && _askers.Count == AskersMax)
        {
            same = 0;
        }

        if (same >= 0)
        {
            _askers[same].Link.Unpark(_askers[same].BatchNo);
            _askers.RemoveAt(same);
        }

        _askers.Add(asker);
    }

    public void Add(int bucket, uint members) => _members[bucket] += members;

    private static ulong SessionOf(in ParkedRecord asker)
    {
        var reader = new MessagePackReader(asker.Record);
        return UpstreamRecord.Read(ref reader, asker.Record).Session;
    }
}
