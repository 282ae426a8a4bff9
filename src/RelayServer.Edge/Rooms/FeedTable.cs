using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>Which logs of a room are read here: made when somebody needs them, gone when nobody does.</summary>
internal sealed class FeedTable(LiveFeeds live)
{
    private readonly List<PartitionFeed> _fresh = [];

    /// <summary>The reader reads here from now on.</summary>
    public static void Attach(Reader reader, PartitionFeed feed)
    {
        reader.Feed = feed;
        feed.ReaderCount++;
    }

    /// <summary>The reader reads here no longer.</summary>
    public void Detach(Reader reader)
    {
        PartitionFeed feed = reader.Feed;
        feed.Ahead?.Remove(reader);
        feed.ReaderCount--;
        DropUnneeded(feed);
    }

    /// <summary>
    /// The feed for those who stand at a place. Of the present generation the live one; when there is none yet it begins
    /// there. Of an older one whatever there is.
    /// </summary>
    public PartitionFeed For(EdgeRoom room, Position place)
    {
        if (room.Find(place.Generation, place.Partition) is { } known)
        {
            return known;
        }

        bool isPast = place.Generation < room.Current.Generation;
        if (isPast && FindOld(room, place) is { } old)
        {
            return old;
        }

        var feed = new PartitionFeed(room, place) { IsPast = isPast };
        room.Add(feed);
        if (!isPast)
        {
            _fresh.Add(feed);
        }

        return feed;
    }

    /// <summary>
    /// The end of a relay or page. Feeds that were made for members, and have got nothing by now, may have missed it: their
    /// logs are read.
    /// </summary>
    public void Settle()
    {
        foreach (PartitionFeed feed in _fresh)
        {
            if (feed.Cursor.Seq == 0)
            {
                live.SeekMore(feed);
            }
        }

        _fresh.Clear();
    }

    /// <summary>The log of a partition that members come from who have lived with another edge, up to a place and on from another.</summary>
    public static PartitionFeed Foreign(EdgeRoom room, Position end, Position then)
    {
        foreach (PartitionFeed known in room.Feeds)
        {
            if (known.Cursor == end && known.Onward is { Next: null } onward && onward.Then == then)
            {
                return known;
            }
        }

        var feed = new PartitionFeed(room, end) { Onward = Onward.To(then) };
        room.Add(feed);
        return feed;
    }

    /// <summary>Lets go of a feed that has no readers, unless it may get some.</summary>
    public void DropUnneeded(PartitionFeed feed)
    {
        EdgeRoom room = feed.Room;
        bool isNeeded = feed.ReaderCount > 0
            || (feed.IsLive && feed.Log.Generation >= room.Current.Generation && room.Follows(feed.Log.Partition));
        if (!isNeeded && !feed.IsGone)
        {
            room.Remove(feed);
            live.Forget(feed);
        }
    }

    /// <summary>The same for all of a room.</summary>
    public void DropUnneeded(EdgeRoom room)
    {
        for (int i = room.Feeds.Count - 1; i >= 0; i--)
        {
            DropUnneeded(room.Feeds[i]);
        }
    }

    /// <summary>The room is left.</summary>
    public void Close(EdgeRoom room)
    {
        foreach (PartitionFeed feed in room.Feeds)
        {
            live.Forget(feed);
        }
    }

    private static PartitionFeed? FindOld(EdgeRoom room, Position place)
    {
        foreach (PartitionFeed feed in room.Feeds)
        {
            if (feed.Log.Generation == place.Generation && feed.Log.Partition == place.Partition && feed.Onward is not { Next: null })
            {
                return feed;
            }
        }

        return null;
    }
}
