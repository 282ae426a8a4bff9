using RelayServer.Edge.Hosting;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Services;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge;

/// <summary>
/// The edge as a pure state machine: frames of sessions, relays of masters and pages of logs go in, effects come out.
/// It has no clock, thread, socket or randomness of its own; its host calls it from one thread at a time.
/// </summary>
internal sealed class EdgeCore : IDisposable
{
    // A quiet master says something every two seconds.
    private const ulong OwnerSilenceMillisecondsMax = 6000;

    private readonly IEdgeEffects _effects;
    private readonly EdgeCounters _counters;
    private readonly UpstreamRouter _upstream;
    private readonly RoomTable _rooms;
    private readonly RelayIntake _intake;
    private readonly Refusals _refusals;
    private readonly Queries _queries;
    private readonly ServiceSessions _services;
    private readonly SessionFrames _frames;
    private readonly Dictionary<ulong, EdgeSession> _sessions = [];

    public EdgeCore(EdgeOptions options, byte[] edgeId, IEdgeEffects effects, EdgeCounters counters)
    {
        _effects = effects;
        _counters = counters;
        _upstream = new UpstreamRouter(options, edgeId, effects, counters);
        _refusals = new Refusals(effects, counters);
        _rooms = new RoomTable(options, NodeId.NameOf(edgeId), effects, counters, _upstream, _refusals);
        _intake = new RelayIntake(effects, _upstream, _rooms);
        _queries = new Queries(options, effects, counters, _refusals, _upstream, _rooms);
        _services = new ServiceSessions(options, effects, counters, _refusals, _upstream);
        _frames = new SessionFrames(options, effects, counters, _refusals, _upstream, _rooms, _queries, _services);
    }

    public int SessionCount => _sessions.Count;

    public int ServiceInstanceCount => _services.InstanceCount;

    public int PendingCommandCount => _services.PendingCommandCount;

    public int ChannelCount => _rooms.Count;

    public int MembershipCount => _rooms.MembershipCount;

    public long RecentBytes => _rooms.Feeds.Recent.Bytes;

    public int ParkedBytes => _rooms.Feeds.Parked.UsedBytes;

    public int QueuedReads => _rooms.Reads.QueuedCount;

    public int HeldBytes => _upstream.HeldBytes;

    /// <summary>Every slot has an owner, as far as this edge knows.</summary>
    public bool HasOwners => _upstream.HasOwners;

    /// <summary>All owners have been heard lately: as of the last tick, and safe to ask from any thread.</summary>
    public bool IsServed { get; private set; }

    public void SlotsChanged(IReadOnlyList<SlotOwner> slots, ulong nowMilliseconds)
    {
        // An owner that this edge does not know yet gets all interests with its first relay.
        IReadOnlySet<int> changed = _upstream.SetOwners(slots);
        _rooms.Interests.Repeat(changed, nowMilliseconds);
        _services.Repeat(changed.Contains, nowMilliseconds);
        _upstream.Flush(nowMilliseconds);
    }

    public void SessionOpened(EdgeSession session) => _sessions.Add(session.Id, session);

    public void SessionClosed(EdgeSession session, ulong nowMilliseconds)
    {
        session.IsClosed = true;
        _sessions.Remove(session.Id);
        _queries.Forget(session);
        _services.Forget(session, nowMilliseconds);
        while (session.Memberships.Count > 0)
        {
            _rooms.Leave(session.Memberships[^1], nowMilliseconds);
        }
    }

    /// <summary>Takes whole frames, one after the other, of a session.</summary>
    public void Frames(EdgeSession session, ReadOnlySpan<byte> frames, ulong nowMilliseconds)
    {
        int offset = 0;
        while (offset < frames.Length && !session.IsClosed)
        {
            FrameHeader.TryRead(frames[offset..], out FrameHeader header);
            offset += FrameHeader.SizeBytes;
            _frames.Take(session, header, frames.Slice(offset, (int)header.BodyBytes), nowMilliseconds);
            offset += (int)header.BodyBytes;
        }
    }

    /// <summary>Sends upstream what has gathered. To be called when the host has nothing else to hand in.</summary>
    public void Flush(ulong nowMilliseconds)
    {
        _rooms.Interests.Send(nowMilliseconds);
        _upstream.Flush(nowMilliseconds);
    }

    /// <summary>Four times a second: what was summed and counted goes to the masters, and what had to wait to the members.</summary>
    public void TickQuarter(ulong nowMilliseconds)
    {
        _rooms.Frames.Send(nowMilliseconds);
        _rooms.Reactions.Send(nowMilliseconds);
        _rooms.Presence.Send(nowMilliseconds);
        _upstream.Flush(nowMilliseconds);
    }

    /// <summary>Takes a relay of a master; false when it cannot be read.</summary>
    public bool Relay(ReadOnlySpan<byte> message, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(message);
        RelayHeader header = RelayHeader.Read(ref reader);
        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        MasterLink? link = _upstream.Find(header.MasterId);
        if (link is null)
        {
            // An owner that this edge has not heard of, or no owner any more.
            _effects.ReadSlots();
            return true;
        }

        link.HeardAtMilliseconds = nowMilliseconds;
        RelayArrival arrival = link.Arrived(header, batch => _effects.BatchAnswered(nowMilliseconds - batch.SentAtMilliseconds));
        if (arrival == RelayArrival.Repeated)
        {
            return true;
        }

        bool isReadable = Records(ref reader, link, nowMilliseconds);
        _effects.NotifyWhenApplied(link, header.RelayNo);
        if (arrival != RelayArrival.InOrder || link.MustRepeatInterests)
        {
            link.MustRepeatInterests = false;
            _counters.LostRelays += arrival == RelayArrival.AfterLoss ? 1 : 0;
            _rooms.Interests.Repeat(link, nowMilliseconds);
            _services.Repeat(slot => _upstream.Owns(link, slot), nowMilliseconds);
        }

        return isReadable;
    }

    /// <summary>All fan-outs of a relay have been handed to the connections: the master may send more.</summary>
    public static void RelayApplied(MasterLink link, ulong linkNumber, ulong relayNo) => link.Applied(linkNumber, relayNo);

    /// <summary>The answer to a read; null when it failed and is to be tried again.</summary>
    public void LogRead(LogRead read, LogPage? page)
    {
        if (!_rooms.Reads.Finish(read, page is not null))
        {
            return;
        }

        if (read.Kind == LogReadKind.Repair)
        {
            _rooms.Feeds.Repaired(read, page!);
        }
        else
        {
            _rooms.Arrivals.PageRead(read, page!);
        }

        _rooms.SeekEnds(read.Feed.Room, isAgain: false);
        _rooms.FeedTable.Settle();
        _rooms.Reads.Start();
    }

    /// <summary>The connections have taken what was fanned out when the feed asked.</summary>
    public void HandedOut(PartitionFeed feed)
    {
        if (!feed.IsGone)
        {
            _rooms.Feeds.RepairOn(feed);
        }
    }

    public void Drained(Reader reader)
    {
        _rooms.CatchUp.Drained(reader);
        _rooms.FeedTable.Settle();
    }

    /// <summary>About once a second.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        _upstream.Tick(nowMilliseconds);
        IsServed = _upstream.HasOwners
            && _upstream.Links.All(link => nowMilliseconds - link.HeardAtMilliseconds < OwnerSilenceMillisecondsMax);
        foreach (byte[] records in _upstream.TakeOverheld(nowMilliseconds))
        {
            GiveUp(records, nowMilliseconds);
        }

        _queries.Tick(nowMilliseconds);
        _services.Tick(nowMilliseconds);
        _rooms.Interests.AskAgain(nowMilliseconds);
        foreach (Membership member in _rooms.TakeOverdue(nowMilliseconds))
        {
            _refusals.Refuse(
                member.Session, member.Request!.Correlation, ErrorCode.Unavailable, "no master answered in time; join again"u8, member.Room.Name);
            _rooms.Leave(member, nowMilliseconds);
        }

        foreach (EdgeSession session in _sessions.Values)
        {
            if ((long)nowMilliseconds >= session.ExpiresAtMilliseconds && !session.IsClosed)
            {
                _frames.Close(session, ErrorCode.TokenExpired, "the token has expired; sign in again"u8);
            }
        }

        Flush(nowMilliseconds);
    }

    /// <summary>Asks every session to move, spread over the time there is.</summary>
    public void Drain(uint deadlineMilliseconds)
    {
        uint index = 0;
        foreach (EdgeSession session in _sessions.Values)
        {
            uint moveAfter = (uint)((ulong)deadlineMilliseconds * index++ / (ulong)_sessions.Count);
            _effects.Send(session, ServerFrames.Draining(moveAfter, deadlineMilliseconds));
        }
    }

    /// <summary>Closes the sessions whose tokens were revoked.</summary>
    public void CloseRevoked(Predicate<EdgeSession> isRevoked)
    {
        foreach (EdgeSession session in _sessions.Values)
        {
            if (!session.IsClosed && isRevoked(session))
            {
                _frames.Close(session, ErrorCode.TokenRevoked, "the token was revoked; sign in again"u8);
            }
        }
    }

    /// <summary>Closes every session.</summary>
    public void CloseAll(ErrorCode code, ReadOnlySpan<byte> text)
    {
        foreach (EdgeSession session in _sessions.Values)
        {
            _frames.Close(session, code, text);
        }
    }

    public void Dispose() => _upstream.Dispose();

    private bool Records(ref MessagePackReader reader, MasterLink link, ulong nowMilliseconds)
    {
        bool isReadable = true;
        while (reader.RemainingBytes > 0 && isReadable)
        {
            RelayRecord record = RelayRecord.Read(ref reader);
            isReadable = reader.Status == DecodeStatus.Ok;
            switch (record.Kind)
            {
                case var _ when !isReadable:
                    break;
                case RelayKind.Ack:
                    Ack(record);
                    break;
                case RelayKind.Error:
                    Error(record, nowMilliseconds);
                    break;
                case RelayKind.Answer when _sessions.TryGetValue(record.Session, out EdgeSession? session):
                    _queries.Answered(session, record.Correlation, record.Body);
                    break;
                case RelayKind.Outcome:
                    _services.TakeOutcome(record);
                    break;
                case RelayKind.Answer:
                    break;
                case RelayKind.Frame:
                    _services.TakeFrame(record, _sessions.GetValueOrDefault(record.Session), link, nowMilliseconds);
                    break;
                default:
                    _intake.Take(record, link, nowMilliseconds);
                    break;
            }
        }

        _intake.Settle(link, nowMilliseconds);
        return isReadable;
    }

    private void Ack(in RelayRecord record)
    {
        if (!_sessions.TryGetValue(record.Session, out EdgeSession? session)
            || PubAckBody.TryDecode(record.Body, out PubAckBody ack) != DecodeStatus.Ok)
        {
            return;
        }

        session.Unanswered = Math.Max(0, session.Unanswered - ack.Count);
        _counters.Acks += ack.Count;
        _effects.Send(session, SharedFrame.Create(FrameType.PubAck, FrameFlags.None, 0, record.Body));
    }

    private void Error(in RelayRecord record, ulong nowMilliseconds)
    {
        if (record.Session == 0)
        {
            InterestRefused(record.Body, nowMilliseconds);
        }
        else if (_sessions.TryGetValue(record.Session, out EdgeSession? session) && IsDue(session, record))
        {
            session.Unanswered -= record.Flags.HasFlag(FrameFlags.AckWanted) && session.Unanswered > 0 ? 1 : 0;
            _refusals.Count(record.Body);
            _effects.Send(session, SharedFrame.Create(FrameType.Error, FrameFlags.None, record.Correlation, record.Body));
        }
    }

    // What names no message refuses a question, and only one that has no answer yet.
    private bool IsDue(EdgeSession session, in RelayRecord record) =>
        ErrorBody.TryDecode(record.Body, out ErrorBody error) != DecodeStatus.Ok || error.Number is not null || _queries.Settle(session, record.Correlation);

    private void InterestRefused(ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (ErrorBody.TryDecode(body, out ErrorBody error) != DecodeStatus.Ok || _rooms.Find(error.Channel) is not { } room)
        {
            return;
        }

        room.IsAsked = false;
        if (room.IsOpen)
        {
            _rooms.Interests.Unserved(room);
        }

        foreach (Membership member in room.Waiting?.FindAll(static member => !member.IsJoined) ?? [])
        {
            _refusals.Refuse(
                member.Session, member.Request!.Correlation, error.Code, error.Text, room.Name, retryAfterMilliseconds: error.RetryAfterMilliseconds);
            _rooms.Leave(member, nowMilliseconds);
        }
    }

    private void GiveUp(ReadOnlySpan<byte> records, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(records);
        while (reader.RemainingBytes > 0 && reader.Status == DecodeStatus.Ok)
        {
            UpstreamRecord record = UpstreamRecord.Read(ref reader, records);
            if (record.IsFarewell)
            {
                _upstream.Add(record, Slot.Of(record.Service), nowMilliseconds);
                continue;
            }

            if (!_sessions.TryGetValue(record.Session, out EdgeSession? session))
            {
                continue;
            }

            if (record.Kind == UpstreamKind.Query)
            {
                _queries.Unanswered(session, record.Correlation);
            }
            else if (record.Kind == UpstreamKind.Command)
            {
                _services.Unanswered(record.Correlation);
            }
            else if (record.Kind == UpstreamKind.Publish
                && PublishBody.TryDecode(record.PublishBody, out PublishBody publish) == DecodeStatus.Ok)
            {
                session.Unanswered -= record.Flags.HasFlag(FrameFlags.AckWanted) && session.Unanswered > 0 ? 1 : 0;
                _refusals.Refuse(session, record.Correlation, ErrorCode.Unavailable,
                    "no master answered in time; the message may or may not be in the log: send it again under the same number"u8,
                    publish.Channel, publish.Number);
            }
        }
    }
}
