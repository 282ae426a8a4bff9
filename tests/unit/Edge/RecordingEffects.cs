using RelayServer.Edge;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>Notes what the edge's state machine wants done; the test does it, or not.</summary>
internal sealed class RecordingEffects : IEdgeEffects
{
    private readonly Dictionary<ulong, Capabilities> _capabilities = [];

    public List<(ulong Session, FrameType Type, byte[] Body, uint Correlation)> Sent { get; } = [];

    /// <summary>The frames sent as DELIVER, each once however often it was sent.</summary>
    public HashSet<SharedFrame> DeliverFrames { get; } = [];

    /// <summary>The same for ROOM.</summary>
    public HashSet<SharedFrame> StatusFrames { get; } = [];

    public List<(string Channel, FrameType Type, byte[] Body)> FannedOut { get; } = [];

    /// <summary>Frames of these that were ephemeral.</summary>
    public int EphemeralsFannedOut { get; private set; }

    public List<(ulong Session, ErrorCode Code)> Closed { get; } = [];

    public List<LogRead> Reads { get; } = [];

    public List<PartitionFeed> HandingOut { get; } = [];

    public List<Reader> Draining { get; } = [];

    public List<byte[]> Upstream { get; } = [];

    /// <summary>Who gets what is fanned out, by partition.</summary>
    public HashSet<(PartitionFeed Feed, ulong Session)> Live { get; } = [];

    /// <summary>Those of them who get nothing that all partitions are told alike, as they get it in another one.</summary>
    public HashSet<(PartitionFeed Feed, ulong Session)> Further { get; } = [];

    public HashSet<(string Channel, ulong Session)> Members => [.. Live.Select(member => (NameOf(member.Feed), member.Session))];

    /// <summary>What each session received, sent or fanned out, in order.</summary>
    public Dictionary<ulong, List<(FrameType Type, byte[] Body)>> Received { get; } = [];

    public List<(string Channel, Position Last)> Unreadable { get; } = [];

    public int SlotReads { get; private set; }

    public void Send(EdgeSession session, SharedFrame frame)
    {
        FrameHeader.TryRead(frame.Span, out FrameHeader header);
        Sent.Add((session.Id, header.Type, frame.Span[FrameHeader.SizeBytes..].ToArray(), header.Correlation));
        Receive(session.Id, header.Type, Sent[^1].Body);
        if (header.Type == FrameType.Deliver)
        {
            DeliverFrames.Add(frame);
        }
        else if (header.Type == FrameType.Room)
        {
            StatusFrames.Add(frame);
        }

        frame.Release();
    }

    public void Fanout(PartitionFeed feed, SharedFrame frame, int messages, Capabilities needs)
    {
        FrameHeader.TryRead(frame.Span, out FrameHeader header);
        EphemeralsFannedOut += header.Flags.HasFlag(FrameFlags.Ephemeral) ? 1 : 0;
        FannedOut.Add((NameOf(feed), header.Type, frame.Span[FrameHeader.SizeBytes..].ToArray()));
        foreach ((PartitionFeed _, ulong session) in Live.Where(member => member.Feed == feed && Gets(member, needs)))
        {
            Receive(session, header.Type, FannedOut[^1].Body);
        }

        frame.Release();
    }

    public void AddMember(PartitionFeed feed, EdgeSession session, bool isFurther)
    {
        Assert.True(Live.Add((feed, session.Id)));
        _capabilities[session.Id] = session.Capabilities;
        if (isFurther)
        {
            Further.Add((feed, session.Id));
        }
    }

    public void RemoveMember(PartitionFeed feed, EdgeSession session)
    {
        Assert.True(Live.Remove((feed, session.Id)));
        Further.Remove((feed, session.Id));
    }

    public void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text) => Closed.Add((session.Id, code));

    public void End(EdgeSession session) => Closed.Add((session.Id, ErrorCode.None));

    public void NotifyWhenDrained(Reader reader) => Draining.Add(reader);

    public void NotifyWhenApplied(MasterLink link, ulong relayNo)
    {
    }

    public void NotifyWhenHandedOut(PartitionFeed feed) => HandingOut.Add(feed);

    public void SendUpstream(MasterLink link, ReadOnlyMemory<byte> message) => Upstream.Add(message.ToArray());

    public void BatchAnswered(ulong milliseconds)
    {
    }

    public void ReadLog(LogRead read) => Reads.Add(read);

    public void EntryUnreadable(PartitionFeed feed, Position last) => Unreadable.Add((NameOf(feed), last));

    public void ReadSlots() => SlotReads++;

    private bool Gets((PartitionFeed Feed, ulong Session) member, Capabilities needs) =>
        _capabilities[member.Session].HasFlag(needs) && !(needs.HasFlag(Capabilities.Rooms) && Further.Contains(member));

    private void Receive(ulong session, FrameType type, byte[] body)
    {
        if (!Received.TryGetValue(session, out List<(FrameType, byte[])>? received))
        {
            received = [];
            Received.Add(session, received);
        }

        received.Add((type, body));
    }

    private static string NameOf(PartitionFeed feed) => feed.Room.Channel;
}
