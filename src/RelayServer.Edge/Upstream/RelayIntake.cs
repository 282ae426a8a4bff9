using RelayServer.Edge.Rooms;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Upstream;

/// <summary>Takes what a master says about rooms: record by record, and at the end of a relay what only all of it together tells.</summary>
internal sealed class RelayIntake(IEdgeEffects effects, UpstreamRouter upstream, RoomTable rooms)
{
    // Of the relay under way; empty between two.
    private readonly List<(EdgeRoom Room, Position Top)> _opened = [];
    private readonly List<(EdgeRoom Room, Position Top)> _tops = [];
    private readonly List<PartitionFeed> _skipped = [];
    private readonly List<EdgeRoom> _changed = [];

    /// <summary>Takes a record that is about a room.</summary>
    public void Take(in RelayRecord record, MasterLink link, ulong nowMilliseconds)
    {
        if (record.Kind is RelayKind.Deliver or RelayKind.Ephemeral)
        {
            SettleOpened(link, nowMilliseconds);
            Deliver(record.Body, record.Kind == RelayKind.Ephemeral, nowMilliseconds);
            return;
        }

        if (record.Kind == RelayKind.Census)
        {
            Count(record, link, nowMilliseconds);
            return;
        }

        if (rooms.Find(record.Channel) is not { } room)
        {
            return;
        }

        switch (record.Kind)
        {
            // Who was the owner before may have the last word about messages, but not about how things are.
            case RelayKind.Room when upstream.Owns(link, room.Slot) && RoomState.Decode(record.Body) is { } state:
                rooms.StateChanged(room, state, link, nowMilliseconds);
                _changed.Add(room);
                break;
            case RelayKind.Opened when upstream.Owns(link, room.Slot):
                _opened.Add((room, record.Top));
                _tops.Add((room, record.Top));
                break;
            case RelayKind.Top:
                _tops.Add((room, record.Top));
                break;
            case RelayKind.Trimmed when room.Find(record.Top.Generation, record.Top.Partition) is { } feed:
                rooms.Feeds.Recent.Trim(feed, record.Top);
                break;
            case RelayKind.Push when upstream.Owns(link, room.Slot):
                rooms.Frames.Push(room, record.FrameType, record.Body, nowMilliseconds);
                break;
            case RelayKind.Skipped when room.Find(record.Top.Generation, record.Top.Partition) is { } feed:
                LiveFeeds.Skip(feed, new SkippedRange(record.Top.Epoch, record.FirstSeq, record.Top.Seq));
                _skipped.Add(feed);
                break;
        }
    }

    /// <summary>The relay is over. Last, so that a top that this very relay brings does not look like a loss.</summary>
    public void Settle(MasterLink link, ulong nowMilliseconds)
    {
        SettleOpened(link, nowMilliseconds);
        foreach (PartitionFeed feed in _skipped)
        {
            rooms.Feeds.SettleSkipped(feed);
        }

        foreach ((EdgeRoom room, Position top) in _tops)
        {
            if (room.Memberships.Count == 0)
            {
                continue;
            }

            if (room.Find(top.Generation, top.Partition) is { } feed)
            {
                rooms.Feeds.CheckTop(feed, top);
            }
            else if (top.Generation > room.Current.Generation)
            {
                room.HasSeen(top.Generation);
                _changed.Add(room);
            }
        }

        foreach (EdgeRoom room in _changed)
        {
            if (room.Memberships.Count > 0)
            {
                rooms.SettleChange(room);
            }
        }

        rooms.FeedTable.Settle();
        _tops.Clear();
        _skipped.Clear();
        _changed.Clear();
    }

    // One answer has a record for each partition.
    private void SettleOpened(MasterLink link, ulong nowMilliseconds)
    {
        for (int i = 0; i < _opened.Count;)
        {
            EdgeRoom room = _opened[i].Room;
            var tops = new List<Position>(1);
            for (; i < _opened.Count && _opened[i].Room == room; i++)
            {
                tops.Add(_opened[i].Top);
            }

            rooms.Opened(room, tops, link, nowMilliseconds);
        }

        _opened.Clear();
    }

    private void Deliver(ReadOnlySpan<byte> encoded, bool isEphemeral, ulong nowMilliseconds)
    {
        if (DeliverBody.TryDecodeEnvelope(encoded, out DeliverBody body) != DecodeStatus.Ok)
        {
            return;
        }

        if (rooms.Find(body.Channel) is not { } room)
        {
            rooms.Interests.Disown(body.Channel, nowMilliseconds);
            return;
        }

        PartitionFeed? feed = room.Find(body.First.Generation, body.First.Partition);
        if (isEphemeral)
        {
            if (feed is not null)
            {
                SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.Ephemeral, 0, encoded);
                effects.Fanout(feed, frame, body.Count, NeedsOf(body));
            }

            return;
        }

        feed ??= Begin(room, body.First);
        if (feed is not null)
        {
            rooms.Feeds.Take(feed, body, encoded);
        }
    }

    // Who comes and goes is told to all partitions alike, and to those who know rooms. It is never in one body with messages.
    private static Capabilities NeedsOf(in DeliverBody body)
    {
        foreach (DeliverMessage message in body)
        {
            return message.Kind == MessageKind.Presence ? Capabilities.Ephemeral | Capabilities.Rooms : Capabilities.Ephemeral;
        }

        return Capabilities.Ephemeral;
    }

    // At once, for the owner does not wait for long; also when nobody is here, so that it waits for nobody.
    private void Count(in RelayRecord record, MasterLink link, ulong nowMilliseconds)
    {
        int slot = Slot.Of(record.Channel);
        if (!upstream.Owns(link, slot))
        {
            return;
        }

        var census = new UpstreamRecord
        {
            Kind = UpstreamKind.Census,
            Channel = record.Channel,
            Ticket = record.Ticket,
            Buckets = MemberCensus.Count(rooms.Find(record.Channel)),
        };
        upstream.Add(census, slot, nowMilliseconds);
    }

    // The first batch of a partition that is new: of the next generation, or of this one for an edge that came later.
    private PartitionFeed? Begin(EdgeRoom room, Position first)
    {
        bool isNewer = first.Generation > room.Current.Generation;
        if (!room.IsOpen || (!isNewer && (first.Generation < room.Current.Generation || !room.Follows(first.Partition))))
        {
            return null;
        }

        if (isNewer)
        {
            room.HasSeen(first.Generation);
            _changed.Add(room);
        }

        var feed = new PartitionFeed(room, first with { Seq = 0 });
        room.Add(feed);
        return feed;
    }
}
