using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Presence;

/// <summary>
/// Puts together what edges tell of their members, and tells rooms how many are in them and, in small ones, who comes and
/// goes. What it costs follows the changes, not the rooms.
/// </summary>
internal sealed class PresenceDesk(FlushBuilder builder, DirectRelay relay, MasterCounters counters)
{
    /// <summary>From one COUNTS of a room to the next.</summary>
    private const ulong TellMillisecondsMin = 1000;

    /// <summary>Rooms looked at in one tick.</summary>
    private const int RoomsPerTickMax = 16 * 1024;

    /// <summary>Comings and goings told in a second, over all rooms; more are not told.</summary>
    private const int NoticesPerSecondMax = 1000;

    /// <summary>After a claim every edge tells its members anew: so long nobody comes or goes by that.</summary>
    private const ulong SettlingMilliseconds = 5000;

    private readonly Queue<ChannelState> _changed = new();
    private readonly Queue<(EdgeLink Link, ChannelState Channel)> _recounts = new();
    private ulong _settledAtMilliseconds;
    private ulong _secondAtMilliseconds;
    private int _noticesLeft;

    /// <summary>What edges have told since the claim is all there is, as far as they live.</summary>
    public bool IsSettled(ulong nowMilliseconds) => _settledAtMilliseconds > 0 && nowMilliseconds >= _settledAtMilliseconds;

    /// <summary>Takes what an edge tells of its members; only from one that is interested, which ends with its presence.</summary>
    public void Take(EdgeLink link, ChannelState channel, in UpstreamRecord record)
    {
        if (!channel.Interested.Contains(link))
        {
            return;
        }

        Span<uint> counts = stackalloc uint[ProtocolLimits.PartitionsMax];
        int partitions = 0;
        foreach (MemberCount members in record.Counts)
        {
            counts[partitions++] = members.Value;
        }

        List<byte[]>? names = record.HasNames ? new List<byte[]>(record.Names.Count) : null;
        foreach (MemberName name in record.Names)
        {
            names!.Add(name.Value.ToArray());
        }

        channel.Presence ??= new RoomPresence();
        if (channel.Presence.Table.Update(link, record.Generation, counts[..partitions], names))
        {
            Changed(channel);
        }
        else if (channel.Presence is { Table.EdgeCount: 0, IsChanged: false })
        {
            channel.Presence = null;
        }
    }

    /// <summary>An edge has no members in the channel any more.</summary>
    public void Leave(EdgeLink link, ChannelState channel)
    {
        if (channel.Presence?.Table.Remove(link) == true)
        {
            Changed(channel);
        }
    }

    /// <summary>An edge is silent from now on, or is heard again.</summary>
    public void Recount(EdgeLink link)
    {
        foreach (ChannelState channel in link.Interests)
        {
            _recounts.Enqueue((link, channel));
        }
    }

    /// <summary>Tells an edge that asks for the channel how many are in it: what it was told before may be lost.</summary>
    public void Tell(EdgeLink link, ChannelState channel)
    {
        if (channel.Presence is { Table.EdgeCount: > 0 } presence)
        {
            relay.Push(link, channel, FrameType.Counts, Encode(channel, presence.Table));
        }
    }

    /// <summary>Four times a second.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        if (_settledAtMilliseconds == 0)
        {
            _settledAtMilliseconds = nowMilliseconds + SettlingMilliseconds;
        }

        if (nowMilliseconds - _secondAtMilliseconds >= TellMillisecondsMin)
        {
            _secondAtMilliseconds = nowMilliseconds;
            _noticesLeft = NoticesPerSecondMax;
        }

        CountAgain();
        for (int left = Math.Min(RoomsPerTickMax, _changed.Count); left > 0 && !builder.IsFull; left--)
        {
            ChannelState channel = _changed.Dequeue();
            if (channel.Presence is not { } presence)
            {
                continue;
            }

            if (channel.Phase != ChannelPhase.Ready || nowMilliseconds - presence.ToldAtMilliseconds < TellMillisecondsMin)
            {
                _changed.Enqueue(channel);
                continue;
            }

            presence.IsChanged = false;
            Tell(channel, presence, nowMilliseconds);
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Abandon()
    {
        _changed.Clear();
        _recounts.Clear();
        _settledAtMilliseconds = 0;
    }

    private void Changed(ChannelState channel)
    {
        if (!channel.Presence!.IsChanged)
        {
            channel.Presence.IsChanged = true;
            _changed.Enqueue(channel);
        }
    }

    private void CountAgain()
    {
        for (int left = RoomsPerTickMax; left > 0 && _recounts.TryDequeue(out (EdgeLink Link, ChannelState Channel) due); left--)
        {
            if (due.Channel.Presence?.Table.SetCounted(due.Link, !due.Link.IsSilent) == true)
            {
                Changed(due.Channel);
            }
        }
    }

    private void Tell(ChannelState channel, RoomPresence presence, ulong nowMilliseconds)
    {
        PresenceChange change = presence.Table.TakeChange((uint)channel.Room[RoomSetting.NoticesMembersMax]);
        change = IsSettled(nowMilliseconds) ? change : PresenceChange.None;
        byte[] body = Encode(channel, presence.Table);
        bool isNews = !change.IsEmpty || !presence.Told.AsSpan().SequenceEqual(body);
        if (isNews)
        {
            presence.ToldAtMilliseconds = nowMilliseconds;
            presence.Told = body;
            relay.Push(channel, FrameType.Counts, body);
            Announce(channel, change, nowMilliseconds);
        }

        if (presence.Table.EdgeCount > 0)
        {
            return;
        }

        if (isNews)
        {
            // Comes back after a second, so that who comes and goes in turns is told no oftener.
            Changed(channel);
        }
        else
        {
            channel.Presence = null;
        }
    }

    private void Announce(ChannelState channel, PresenceChange change, ulong nowMilliseconds)
    {
        foreach (byte[] user in change.Joined)
        {
            Announce(channel, user, hasJoined: true, nowMilliseconds);
        }

        foreach (byte[] user in change.Left)
        {
            Announce(channel, user, hasJoined: false, nowMilliseconds);
        }
    }

    private void Announce(ChannelState channel, byte[] user, bool hasJoined, ulong nowMilliseconds)
    {
        if (_noticesLeft == 0)
        {
            counters.PresenceNoticesDropped++;
            return;
        }

        _noticesLeft--;
        counters.PresenceNotices++;
        Span<byte> payload = stackalloc byte[1 + MessagePackWriter.IntegerBytesMax + MessagePackWriter.HeadBytesMax + ProtocolLimits.UserIdBytesMax];
        var writer = new MessagePackWriter(payload);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(hasJoined ? 1UL : 0UL);
        writer.WriteString(user);
        var notice = new DeliverMessage { Kind = MessageKind.Presence, Payload = payload[..writer.WrittenBytes] };
        foreach (PartitionLog log in channel.Partitions)
        {
            relay.Ephemeral(log, notice, nowMilliseconds);
        }
    }

    private static byte[] Encode(ChannelState channel, PresenceTable<EdgeLink> table)
    {
        uint[] counts = table.Counts(channel.Division.Generation, channel.Partitions.Count);
        byte[] encoded = new byte[counts.Length * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(encoded);
        foreach (uint members in counts)
        {
            writer.WriteUInt64(members);
        }

        var body = new CountsBody
        {
            Channel = channel.Name,
            Total = table.Total,
            Generation = channel.Division.Generation,
            Partitions = new EncodedList<MemberCount>(encoded.AsSpan(0, writer.WrittenBytes), counts.Length),
        };
        byte[] written = new byte[CountsBody.OverheadBytesMax + channel.Name.Length + writer.WrittenBytes];
        body.TryEncode(written, out int bytes);
        return written[..bytes];
    }
}
