using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Hands the updates of topics on to the rooms and inboxes that want them. What waits for that is in the topic's log and not in
/// memory: a service that tells much fills a log. How far it has come is saved, so that a new owner goes on there; what it repeats, each
/// receiver knows by the update's name. A topic that its service has no more is forgotten as soon as all of it is handed on.
/// </summary>
internal sealed class TopicDesk(ServiceDirectory directory, SubscriptionIndex index, ChannelOpener opener, FlushBuilder builder, MasterCounters counters)
{
    // Of a flush: the rest is for rooms.
    private const int FlushDivisor = 2;

    private readonly Dictionary<string, TopicCursor> _cursors = new(StringComparer.Ordinal);
    private readonly Queue<TopicCursor> _toRead = new();
    private readonly HashSet<TopicCursor> _staged = [];
    private readonly HashSet<TopicCursor> _flushing = [];

    // Those that have something to hand on, or may have to be forgotten.
    private readonly Queue<TopicCursor> _active = new();
    private bool _isComplete;

    /// <summary>Topics of which it is known how far they have come.</summary>
    public int Count => _cursors.Count;

    /// <summary>An update is staged for the log of its topic.</summary>
    public void Logged(string topic, MessagePlace place)
    {
        if (!_cursors.TryGetValue(topic, out TopicCursor? cursor))
        {
            // Before the first, so that whoever comes after this owner knows that there is one.
            cursor = new TopicCursor(topic) { Epoch = place.Epoch, Seq = place.Seq - 1 };
            _cursors.Add(topic, cursor);
            Save(cursor);
        }

        _staged.Add(cursor);
    }

    /// <summary>A service has said anew what it tells of, or is gone; this is what it said before.</summary>
    public void Changed(ServiceProfile before)
    {
        foreach (string topic in before.Topics.Keys)
        {
            if (_cursors.TryGetValue($"{before.Name}.{topic}", out TopicCursor? cursor))
            {
                Activate(cursor);
            }
        }
    }

    /// <summary>What is saved of a topic.</summary>
    public void Restore(string topic, ulong epoch, ulong seq)
    {
        if (!_cursors.ContainsKey(topic))
        {
            _cursors.Add(topic, new TopicCursor(topic) { Epoch = epoch, Seq = seq, HasMore = true });
        }
    }

    /// <summary>All subscriptions are known: before that nothing can be handed on.</summary>
    public void Complete()
    {
        _isComplete = true;
        foreach (TopicCursor cursor in _cursors.Values)
        {
            AskFor(cursor);
        }
    }

    /// <summary>What is staged is on its way into the log; what is staged from here on is not.</summary>
    public void FlushBegun()
    {
        _flushing.UnionWith(_staged);
        _staged.Clear();
    }

    /// <summary>What was on its way is in the log, and can be read there: also where a read before has found nothing of it yet.</summary>
    public void Flushed()
    {
        foreach (TopicCursor cursor in _flushing)
        {
            cursor.HasMore = true;
            AskFor(cursor);
        }

        _flushing.Clear();
    }

    /// <summary>The next page of a topic's log to read, which <see cref="Read"/> or <see cref="ReadFailed"/> is to be told of.</summary>
    public bool TryNextRead(out TopicCursor cursor) => _toRead.TryDequeue(out cursor!);

    /// <summary>A page of a topic's log, from behind the cursor on.</summary>
    public void Read(TopicCursor cursor, LogPage page, ulong nowMilliseconds)
    {
        if (!IsCurrent(cursor))
        {
            return;
        }

        cursor.IsReading = false;
        cursor.HasMore |= page.HasMore;
        foreach (LogEntry entry in page.Entries)
        {
            Take(cursor, entry);
        }

        Activate(cursor);
        GoOn(nowMilliseconds);
    }

    /// <summary>It could not be read; it is asked for again.</summary>
    public void ReadFailed(TopicCursor cursor)
    {
        if (IsCurrent(cursor))
        {
            cursor.IsReading = false;
            cursor.HasMore = true;
            AskFor(cursor);
        }
    }

    /// <summary>Hands on as much as the next flush has room for, each topic in its turn.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        for (int left = _active.Count; left > 0 && !builder.IsFilled(FlushDivisor); left--)
        {
            TopicCursor cursor = _active.Dequeue();
            cursor.IsActive = false;
            ulong before = cursor.Seq;
            HandOn(cursor, nowMilliseconds);
            bool hasCome = cursor.Seq != before;
            if (cursor.Updates.Count > 0)
            {
                Activate(cursor);
            }
            else
            {
                AskFor(cursor);
                if (IsOver(cursor))
                {
                    Forget(cursor);
                    continue;
                }
            }

            if (hasCome)
            {
                Save(cursor);
            }
        }
    }

    public void Abandon()
    {
        _cursors.Clear();
        _toRead.Clear();
        _staged.Clear();
        _flushing.Clear();
        _active.Clear();
        _isComplete = false;
    }

    private bool IsCurrent(TopicCursor cursor) => _cursors.TryGetValue(cursor.Topic, out TopicCursor? current) && ReferenceEquals(current, cursor);

    private void Activate(TopicCursor cursor)
    {
        if (!cursor.IsActive)
        {
            cursor.IsActive = true;
            _active.Enqueue(cursor);
        }
    }

    // All of it is handed on, and nothing more can be told there.
    private bool IsOver(TopicCursor cursor) =>
        _isComplete && cursor is { HasMore: false, IsReading: false } && !_staged.Contains(cursor) && !_flushing.Contains(cursor)
        && directory.FindTopic(cursor.Topic) is null;

    private void Forget(TopicCursor cursor)
    {
        _cursors.Remove(cursor.Topic);
        builder.SaveRecord(cursor.RecordName, []);
    }

    private void AskFor(TopicCursor cursor)
    {
        if (_isComplete && cursor.HasMore && !cursor.IsReading && cursor.Updates.Count == 0)
        {
            cursor.HasMore = false;
            cursor.IsReading = true;
            _toRead.Enqueue(cursor);
        }
    }

    private void Save(TopicCursor cursor)
    {
        byte[] body = new byte[1 + (2 * MessagePackWriter.IntegerBytesMax)];
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(cursor.Epoch);
        writer.WriteUInt64(cursor.Seq);
        builder.SaveRecord(cursor.RecordName, body[..writer.WrittenBytes]);
    }

    private static void Take(TopicCursor cursor, LogEntry entry)
    {
        if (DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
        {
            return;
        }

        foreach (DeliverMessage message in body)
        {
            if (message.Kind == MessageKind.Update && (entry.Epoch > cursor.Epoch || message.Seq > cursor.Seq)
                && UpdatePayload.TryDecode(message.Payload, out UpdatePayload update) == DecodeStatus.Ok)
            {
                var subjects = new List<string>(update.Subjects.Count);
                foreach (SubjectName subject in update.Subjects)
                {
                    subjects.Add(Encoding.UTF8.GetString(subject.Value));
                }

                cursor.Updates.Enqueue(new TopicUpdate(
                    entry.Epoch, message.Seq, body.AtMilliseconds, message.From.ToArray(), message.ProducerId, message.Number, message.Payload.ToArray(), subjects));
            }
        }
    }

    // One update after the other, so that every receiver gets them in the topic's order.
    private void HandOn(TopicCursor cursor, ulong nowMilliseconds)
    {
        while (!builder.IsFilled(FlushDivisor) && cursor.Updates.TryPeek(out TopicUpdate? update))
        {
            update.Receivers ??= index.Find(cursor.Topic, update.Subjects);
            if (!HandOn(cursor, update, nowMilliseconds))
            {
                return;
            }

            cursor.Updates.Dequeue();
            cursor.Epoch = update.Epoch;
            cursor.Seq = update.Seq;
        }
    }

    // True when every receiver has it.
    private bool HandOn(TopicCursor cursor, TopicUpdate update, ulong nowMilliseconds)
    {
        Span<byte> name = stackalloc byte[ProtocolLimits.InboxNameBytesMax];

        // One for all receivers, of which there may be a million.
        Action<ChannelState?, ulong> give = update.Give ??= (channel, now) => Give(cursor, update, channel, now);
        while (update.Next < update.Receivers!.Length)
        {
            if (builder.IsFilled(FlushDivisor) || opener.IsBusy)
            {
                return false;
            }

            if (index.NameOf(update.Receivers[update.Next]) is { } receiver)
            {
                update.Opening++;
                if (!opener.TryOpen(name[..Encoding.UTF8.GetBytes(receiver, name)], give, nowMilliseconds, isPatient: true))
                {
                    update.Opening--;
                    return false;
                }
            }

            update.Next++;
        }

        return update.Opening == 0;
    }

    private void Give(TopicCursor cursor, TopicUpdate update, ChannelState? channel, ulong nowMilliseconds)
    {
        update.Opening--;
        if (channel is null)
        {
            counters.UpdatesLost++;
            return;
        }

        Subscription? subscription = channel.Room.FindSubscription(cursor.Topic);
        bool isWanted = subscription is not null && subscription.WasInForce(update.AtMilliseconds)
            && subscription.Wants(update.Subjects) && channel.Room.State != BroadcastState.Ended;
        if (!isWanted)
        {
            return;
        }

        // What was logged while this owner has the receiver nobody has handed on before: such a number is only lower than those that have left.
        ProducerHistory producer = channel.Producers.GetOrAdd(update.From, update.ProducerId);
        NumberLookup known = producer.Find(update.Number, out _);
        if (known == NumberLookup.Known || (known == NumberLookup.Expired && update.Epoch < channel.Epoch))
        {
            return;
        }

        var message = new DeliverMessage
        {
            Kind = MessageKind.Update,
            From = update.From,
            ProducerId = update.ProducerId,
            Number = update.Number,
            Payload = update.Payload,
        };
        MessagePlace place = builder.AppendToAll(channel, message, nowMilliseconds);
        if (known == NumberLookup.New)
        {
            channel.Producers.Add(producer, update.Number, place);
        }

        counters.UpdatesHandedOn++;
    }
}
