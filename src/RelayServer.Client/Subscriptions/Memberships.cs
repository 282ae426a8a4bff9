using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// The joined channels: joins them, and joins them again from where they stand after a reconnect. Lock order: this one,
/// then the ledger's.
/// </summary>
internal sealed class Memberships(RelayClientOptions options, ControlQueue control, PublishLedger ledger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Membership> _members = new(StringComparer.Ordinal);
    private readonly ReconnectBackoff _backoff = new(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
    private bool _connected;
    private bool _hasRooms;
    private int _channelsMax = int.MaxValue;
    private uint _lastCorrelation;
    private Exception? _failure;

    /// <summary>Becomes a member of a channel.</summary>
    public Membership Add(string channel, JoinFrom from)
    {
        lock (_gate)
        {
            ClientFailure.ThrowIfAny(_failure);
            if (_members.ContainsKey(channel))
            {
                throw new InvalidOperationException($"'{channel}' is joined already: leave it first, or share the subscription");
            }

            if (_members.Count >= _channelsMax)
            {
                throw TooManyChannels();
            }

            var member = new Membership(ledger.AddLane(channel), from, options.ReceiveQueueBytesMax);
            _members.Add(channel, member);
            SendJoin(member);
            return member;
        }
    }

    /// <summary>Ends a membership once its publishes are settled.</summary>
    public async Task LeaveAsync(Membership member, CancellationToken cancellationToken)
    {
        await ledger.CloseLaneAsync(member.Lane, cancellationToken).ConfigureAwait(false);
        Abandon(member);
        await member.HasEnded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a membership without waiting for anything.</summary>
    public void Abandon(Membership member)
    {
        lock (_gate)
        {
            switch (member.State)
            {
                case MembershipState.Waiting:
                    End(member, null);
                    break;
                case MembershipState.Rejoining:
                    member.State = MembershipState.Leaving;
                    break;
                case MembershipState.Joining or MembershipState.Joined or MembershipState.PassedOver:
                    SendLeave(member, MembershipState.Leaving);
                    break;
            }
        }
    }

    /// <summary>The reader has taken something: fetches what was passed over when there is room for it.</summary>
    public void NoteRead(Membership member)
    {
        if (member.State != MembershipState.PassedOver || !member.Queue.IsHalfEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (member.State == MembershipState.PassedOver)
            {
                SendLeave(member, MembershipState.Rejoining);
            }
        }
    }

    /// <summary>The reader stalled: passes over what comes until it has made room.</summary>
    public void PassOver(Membership member)
    {
        lock (_gate)
        {
            if (member.State == MembershipState.Joined)
            {
                member.State = MembershipState.PassedOver;
            }
        }

        // The reader may have made room before it could see the new state.
        NoteRead(member);
    }

    /// <summary>A connection is up: joins every channel again.</summary>
    /// <param name="channelsMax">Most channels that it allows; the memberships beyond it end.</param>
    /// <param name="hasRooms">It knows rooms; else there are no observers on it.</param>
    public void Connected(int channelsMax, bool hasRooms)
    {
        lock (_gate)
        {
            _connected = true;
            _channelsMax = channelsMax;
            _hasRooms = hasRooms;
            foreach ((int index, Membership member) in _members.Values.ToArray().Index())
            {
                if (index >= channelsMax)
                {
                    End(member, TooManyChannels());
                }
                else if (!member.IsBackingOff)
                {
                    SendJoin(member);
                }
            }
        }
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _connected = false;
            foreach (Membership member in _members.Values.ToArray())
            {
                if (member.State == MembershipState.Leaving)
                {
                    End(member, null);
                    continue;
                }

                member.State = MembershipState.Waiting;
            }
        }
    }

    /// <summary>The client has ended. Readers end, too, after what they have; with the failure, unless it was asked for.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (Membership member in _members.Values.ToArray())
            {
                End(member, failure);
            }
        }
    }

    public void TakeJoined(uint correlation, in JoinedBody body)
    {
        lock (_gate)
        {
            if (Find(body.Channel) is not { State: MembershipState.Joining } member || member.Correlation != correlation)
            {
                return;
            }

            Position start = member.Cursor.Joined(body.From);
            member.State = MembershipState.Joined;
            member.Refusals = default;
            member.FirstJoined.TrySetResult((start, body.Top));
            ledger.SetJoined(member.Lane, true);
        }
    }

    public void TakeLeft(in LeftBody body)
    {
        lock (_gate)
        {
            switch (Find(body.Channel))
            {
                case { State: not (MembershipState.Leaving or MembershipState.Ended) } member when body.Code != ErrorCode.None:
                    End(member, PutOut(member.Channel, body.Code));
                    break;
                case { State: MembershipState.Rejoining } member:
                    SendJoin(member);
                    break;
                case { State: MembershipState.Leaving } member:
                    End(member, null);
                    break;
                case { State: MembershipState.Joined or MembershipState.PassedOver } member:
                    End(member, new RelayException(ErrorCode.NotJoined, $"the relay ended the membership of '{member.Channel}'"));
                    break;
            }
        }
    }

    /// <summary>The member that takes what arrives for a channel; null when nobody does.</summary>
    public Membership? FindTaking(ReadOnlySpan<byte> channel)
    {
        lock (_gate)
        {
            return Find(channel) is { State: MembershipState.Joined } member ? member : null;
        }
    }

    /// <summary>The member through whom reactions may be sent now; null when there is none, or the edge does not know rooms.</summary>
    public Membership? FindReacting(string channel)
    {
        lock (_gate)
        {
            return _hasRooms && _members.TryGetValue(channel, out Membership? member)
                && member.State is MembershipState.Joined or MembershipState.PassedOver ? member : null;
        }
    }

    /// <summary>True for a channel that is joined, or is being joined.</summary>
    public bool IsKnown(string channel)
    {
        lock (_gate)
        {
            return _members.ContainsKey(channel);
        }
    }

    /// <summary>True while a channel is being joined, for the first time or again.</summary>
    public bool IsBeingJoined(string channel)
    {
        lock (_gate)
        {
            return _members.TryGetValue(channel, out Membership? member)
                && member.State is MembershipState.Waiting or MembershipState.Joining or MembershipState.Rejoining;
        }
    }

    /// <summary>A JOIN or LEAVE was refused.</summary>
    public void TakeRefusal(uint correlation, ErrorCode code, string text, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            Membership? member = _members.Values.FirstOrDefault(m => m.Correlation == correlation);
            switch (member?.State)
            {
                case MembershipState.Joining when code.Family() == ErrorFamily.Retry && MayRetry(member, retryAfter, out TimeSpan delay):
                    JoinLater(member, delay);
                    break;
                case MembershipState.Joining:
                    End(member, RelayException.Refused(code, text, retryAfter));
                    break;
                case MembershipState.Leaving:
                    End(member, null);
                    break;
                case MembershipState.Rejoining:
                    SendJoin(member);
                    break;
            }
        }
    }

    // A membership that existed is kept as long as the client lives; a first join has somebody waiting for it.
    private bool MayRetry(Membership member, TimeSpan retryAfter, out TimeSpan delay) => member.Refusals.TryNext(
        options, _backoff, retryAfter, unbounded: member.FirstJoined.Task.IsCompleted, out delay);

    private void JoinLater(Membership member, TimeSpan delay)
    {
        member.State = MembershipState.Waiting;
        member.IsBackingOff = true;
        member.RetryTimer ??= options.TimeProvider.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    member.IsBackingOff = false;
                    SendJoin(member);
                }
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        member.RetryTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private RelayException TooManyChannels() =>
        new(ErrorCode.TooManyChannels, $"the relay allows {_channelsMax} channels on one connection: leave one, or use another client");

    private static RelayException PutOut(string channel, ErrorCode code) => code switch
    {
        ErrorCode.Banned => new(code, $"you are banned from '{channel}'"),
        ErrorCode.Kicked => new(code, $"you were put out of '{channel}'"),
        _ => RelayException.Refused(code, $"the relay ended the membership of '{channel}'"),
    };

    private void SendJoin(Membership member)
    {
        if (!_connected || member.State is not (MembershipState.Waiting or MembershipState.Rejoining))
        {
            return;
        }

        if (member.Cursor.From.IsObserver && !_hasRooms)
        {
            End(member, MissingCapability.Rooms());
            return;
        }

        member.State = MembershipState.Joining;
        member.Correlation = ++_lastCorrelation;
        control.WriteJoin(member.Correlation, member.Lane.ChannelUtf8, member.Cursor.NextJoin);
    }

    private void SendLeave(Membership member, MembershipState next)
    {
        member.State = next;
        member.Correlation = ++_lastCorrelation;
        ledger.SetJoined(member.Lane, false);
        control.WriteLeave(member.Correlation, member.Lane.ChannelUtf8);
    }

    private void End(Membership member, Exception? failure)
    {
        member.State = MembershipState.Ended;
        _members.Remove(member.Channel);
        member.RetryTimer?.Dispose();
        ledger.RemoveLane(member.Lane, failure ?? new RelayException(ErrorCode.NotJoined, $"'{member.Channel}' was left"));
        member.Queue.Complete(failure is ObjectDisposedException ? null : failure);
        member.HasEnded.TrySetResult();
        if (failure is not null)
        {
            member.FirstJoined.TrySetException(failure);
        }
        else
        {
            member.FirstJoined.TrySetCanceled();
        }
    }

    private Membership? Find(ReadOnlySpan<byte> channel)
    {
        Span<char> name = stackalloc char[ProtocolLimits.TextBytesMax];
        int length = Encoding.UTF8.GetChars(channel, name);
        return _members.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out Membership? member) ? member : null;
    }
}
