using RelayServer.Edge.Hosting;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>The channels that have members on this edge, and the owners' knowledge of that.</summary>
internal sealed class RoomTable
{
    private readonly EdgeOptions _options;
    private readonly IEdgeEffects _effects;
    private readonly EdgeCounters _counters;
    private readonly UpstreamRouter _upstream;
    private readonly Dictionary<byte[], EdgeChannel> _channels = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], EdgeChannel>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly HashSet<EdgeChannel> _unserved = [];

    public RoomTable(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, UpstreamRouter upstream)
    {
        _options = options;
        _effects = effects;
        _counters = counters;
        _upstream = upstream;
        _byName = _channels.GetAlternateLookup<ReadOnlySpan<byte>>();
        Reads = new LogReads(options.CatchUpReadsMax, effects, counters);
        CatchUp = new CatchUp(effects, counters, Reads);
        Feed = new ChannelFeed(options, effects, counters, Reads) { CursorMoved = CatchUp.CursorMoved };
    }

    public LogReads Reads { get; }

    public ChannelFeed Feed { get; }

    public CatchUp CatchUp { get; }

    public int Count => _channels.Count;

    public int MembershipCount { get; private set; }

    public EdgeChannel? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out EdgeChannel? channel) ? channel : null;

    /// <summary>One more member of this channel is within the bounds.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> name) =>
        MembershipCount < _options.MembershipsMax && (Count < _options.ChannelsMax || Find(name) is not null);

    /// <summary>The channel; a new one asks its owner for the top.</summary>
    public EdgeChannel GetOrOpen(ReadOnlySpan<byte> name, ulong nowMilliseconds)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        EdgeChannel channel = _effects.CreateChannel(name.ToArray());
        _channels.Add(channel.Name, channel);
        Announce(channel, UpstreamKind.Interest, nowMilliseconds);
        return channel;
    }

    public void Join(Membership member)
    {
        member.Session.Add(member);
        member.Channel.MemberCount++;
        MembershipCount++;
        if (member.Channel.IsOpen)
        {
            CatchUp.Begin(member);
        }
        else
        {
            member.Channel.Waiting.Add(member);
        }
    }

    public void Leave(Membership member, ulong nowMilliseconds)
    {
        EdgeChannel channel = member.Channel;
        if (member.Phase == MembershipPhase.Live)
        {
            _effects.RemoveMember(channel, member.Session);
        }

        member.Phase = MembershipPhase.Left;
        member.Session.Remove(member);
        channel.Waiting.Remove(member);
        channel.Ahead.Remove(member);
        channel.MemberCount--;
        MembershipCount--;
        _counters.Leaves++;
        if (channel.MemberCount == 0)
        {
            _channels.Remove(channel.Name);
            _unserved.Remove(channel);
            Feed.Forget(channel);
            Announce(channel, UpstreamKind.Disinterest, nowMilliseconds);
        }
    }

    /// <summary>The owner has told where the log of a new channel ends.</summary>
    public void Opened(EdgeChannel channel, Position top)
    {
        channel.IsOpen = true;
        channel.Cursor = top;
        foreach (Membership member in channel.Waiting)
        {
            CatchUp.Begin(member);
        }

        channel.Waiting.Clear();
    }

    /// <summary>The owner has no room for a channel whose members are here already: it is asked again with the next tick.</summary>
    public void Unserved(EdgeChannel channel) => _unserved.Add(channel);

    /// <summary>Asks the owners again that had no room.</summary>
    public void AskAgain(ulong nowMilliseconds)
    {
        foreach (EdgeChannel channel in _unserved)
        {
            Announce(channel, UpstreamKind.Interest, nowMilliseconds);
        }

        _unserved.Clear();
    }

    /// <summary>Asks for the tops of all channels of a master again: answers, or what followed them, may be lost.</summary>
    public void RepeatInterests(MasterLink link, ulong nowMilliseconds)
    {
        foreach (EdgeChannel channel in _channels.Values)
        {
            if (_upstream.Owns(link, channel.Slot))
            {
                Announce(channel, UpstreamKind.Interest, nowMilliseconds);
            }
        }
    }

    /// <summary>Asks for the tops of all channels in slots that have another owner now.</summary>
    public void RepeatInterests(IReadOnlySet<int> slots, ulong nowMilliseconds)
    {
        foreach (EdgeChannel channel in _channels.Values)
        {
            if (slots.Contains(channel.Slot))
            {
                Announce(channel, UpstreamKind.Interest, nowMilliseconds);
            }
        }
    }

    /// <summary>Tells the owner of a channel that it relays for nobody here; it may have missed that before.</summary>
    public void Disown(ReadOnlySpan<byte> name, ulong nowMilliseconds) => _upstream.Add(
        new UpstreamRecord { Kind = UpstreamKind.Disinterest, Channel = name }, Slot.Of(name), nowMilliseconds);

    /// <summary>Members that have waited too long for their channel's owner.</summary>
    public IReadOnlyList<Membership> TakeOverdue(ulong nowMilliseconds)
    {
        var overdue = new List<Membership>();
        foreach (EdgeChannel channel in _channels.Values)
        {
            overdue.AddRange(channel.Waiting.Where(
                member => nowMilliseconds - member.BeganAtMilliseconds >= (ulong)_options.PublishHoldMilliseconds));
        }

        return overdue;
    }

    private void Announce(EdgeChannel channel, UpstreamKind kind, ulong nowMilliseconds) =>
        _upstream.Add(new UpstreamRecord { Kind = kind, Channel = channel.Name }, channel.Slot, nowMilliseconds);
}
