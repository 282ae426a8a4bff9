using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A client that keeps to the protocol, and holds the server to it: every frame it gets is judged.</summary>
internal sealed class SimulatedClient : SimulatedPeer
{
    private const int WindowMessages = 32;
    private readonly SortedDictionary<ulong, ClientPublish> _pending = [];
    private readonly Dictionary<string, ClientRoom> _rooms = [];
    private readonly SimulatedWorld _world;
    private readonly string _user;
    private readonly ulong _producerId;
    private readonly Role _role;
    private SimulatedEdge? _edge;
    private EdgeSession? _session;
    private ulong _number;
    private uint _correlation;

    public SimulatedClient(SimulatedWorld world, string user, ulong producerId, Role role = Role.Member)
    {
        (_world, _user, _producerId, _role) = (world, user, producerId, role);
        Commands = new ClientCommands(world, this, producerId);
    }

    public override string User => _user;

    public override Role Role => _role;

    public ClientCommands Commands { get; }

    /// <summary>The name of the edge that it is, or was last, connected to.</summary>
    public string Edge => _edge?.Name ?? "";

    public IReadOnlyCollection<ClientRoom> Rooms => _rooms.Values;

    public IReadOnlyCollection<ClientPublish> Pending => _pending.Values;

    public bool IsConnected => _session is not null;

    public int Acks { get; private set; }

    public int Refusals { get; private set; }

    public int ControlsRefused { get; private set; }

    /// <summary>Numbers whose fate the server cannot tell any more.</summary>
    public int Expired { get; private set; }

    public override string ToString() => $"{_user} ({(_session is null ? "not connected" : SimulatedEdge.Describe(_session))})";

    public ClientRoom Room(string channel)
    {
        if (!_rooms.TryGetValue(channel, out ClientRoom? room))
        {
            room = new ClientRoom(channel, _user);
            _rooms.Add(channel, room);
        }

        return room;
    }

    public ulong NextNumber() => ++_number;

    public uint NextCorrelation() => ++_correlation;

    public void Connect(SimulatedEdge edge)
    {
        _edge = edge;
        _session = edge.Connect(this);
        Commands.Connected();
        foreach (ClientPublish publish in _pending.Values)
        {
            publish.IsSent = false;
        }

        foreach (ClientRoom room in _rooms.Values)
        {
            room.Edge = edge.Name;
            if (room.IsWanted)
            {
                Join(room, JoinStart.Live);
            }
        }
    }

    public void Disconnect()
    {
        if (_session is { } session)
        {
            SimulatedEdge edge = _edge!;
            Cut(session);
            _world.Time.Soon(20, () => edge.Disconnect(session));
        }
    }

    public override void Cut(EdgeSession session)
    {
        if (session == _session)
        {
            _session = null;
            foreach (ClientRoom room in _rooms.Values)
            {
                room.Disconnected();
            }
        }
    }

    /// <summary>Joins, or joins again after what it has.</summary>
    public void Join(ClientRoom room, JoinStart start, uint lastMessages = 0)
    {
        room.IsWanted = true;
        if (_session is null || room.IsJoining || room.IsJoined)
        {
            return;
        }

        room.IsJoining = true;
        room.Edge = _edge!.Name;
        room.Start = room.Have is null ? start : JoinStart.Resume;
        room.JoinCorrelation = ++_correlation;
        if (room.Have is null)
        {
            room.IsObserver = Permissions.Allows(_role, RoomVerb.Observe, ChannelKind.Room) && _world.Time.OneIn(2);
        }

        Send(room.IsObserver
            ? ClientFrames.Observe(room.JoinCorrelation, room.Channel, room.Start, lastMessages, [.. room.Places.Values])
            : ClientFrames.Join(room.JoinCorrelation, room.Channel, room.Start, lastMessages, room.Have ?? default));
    }

    public void Leave(ClientRoom room)
    {
        if (_session is not null && room.IsJoined && !room.IsLeaving && !_pending.Values.Any(publish => publish.Channel == room.Channel)
            && !Commands.Pending.Any(command => command.Channel == room.Channel))
        {
            room.IsLeaving = true;
            room.IsWanted = false;
            Send(ClientFrames.Leave(++_correlation, room.Channel));
        }
    }

    public void Publish(ClientRoom room)
    {
        if (room is { IsJoined: true, IsLeaving: false } && _pending.Count < WindowMessages)
        {
            _pending.Add(++_number, new ClientPublish(_number, room.Channel));
            SendPending(room);
        }
    }

    /// <summary>Asks for a change of the room.</summary>
    public void Control(ClientRoom room, RoomControl control)
    {
        if (_pending.Count < WindowMessages)
        {
            _pending.Add(++_number, new ClientPublish(_number, room.Channel, control.Encode()));
            SendPending(room);
        }
    }

    public void PublishEphemeral(ClientRoom room)
    {
        if (_session is not null && room is { IsJoined: true, IsLeaving: false })
        {
            Send(ClientFrames.Publish(++_correlation, room.Channel, _producerId, 0, FrameFlags.Ephemeral));
        }
    }

    /// <summary>What is left to do: rooms to join again, publishes to send again.</summary>
    public void GoOn()
    {
        foreach (ClientRoom room in _rooms.Values)
        {
            if (room.IsWanted)
            {
                Join(room, JoinStart.Live);
            }

            SendPending(room);
        }

        Commands.SendPending();
    }

    public override void Take(EdgeSession session, byte[] frame)
    {
        if (session != _session)
        {
            return;
        }

        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header));
        Assert.Equal(frame.Length, FrameHeader.SizeBytes + (int)header.BodyBytes);
        ReadOnlySpan<byte> body = frame.AsSpan(FrameHeader.SizeBytes);
        switch (header.Type)
        {
            case FrameType.Joined:
                TakeJoined(header, body);
                break;
            case FrameType.Deliver when header.Flags.HasFlag(FrameFlags.Ephemeral):
                TakeEphemeral(body);
                break;
            case FrameType.Deliver:
                TakeDeliver(body);
                break;
            case FrameType.Gap:
                TakeGap(body);
                break;
            case FrameType.Left:
                Assert.Equal(DecodeStatus.Ok, ChannelBody.TryDecode(body, out ChannelBody left));
                ClientRoom room = Named(left.Channel);
                Assert.True(room.IsLeaving, "LEFT that nobody asked for");
                room.Disconnected();
                room.Forget();
                break;
            case FrameType.PubAck:
                TakeAck(body);
                break;
            case FrameType.Result:
                Commands.TakeResult(header, body);
                break;
            case FrameType.Error:
                TakeError(header, body);
                break;
            case FrameType.Room or FrameType.Counts or FrameType.Reactions or FrameType.Service:
                // What a room tells of itself has its own tests.
                break;
            default:
                Assert.Fail($"unexpected {header.Type}");
                break;
        }
    }

    private void TakeJoined(FrameHeader header, ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, JoinedBody.TryDecode(body, out JoinedBody joined));
        ClientRoom room = Named(joined.Channel);
        Assert.True(room.IsJoining && header.Correlation == room.JoinCorrelation, "JOINED that nobody asked for");
        room.IsJoining = false;
        room.IsJoined = true;
        if (room.Start == JoinStart.Resume && room.Have is { } have && have != Position.Start)
        {
            room.Note($"resumed({string.Join(" ", room.Places.Values.Select(ClientRoom.Short))})");
            Assert.True(joined.From == have, $"resumed from {joined.From} in place of {have}");
        }
        else
        {
            _world.Judge.Started(room, joined.From, joined.Top);
        }

        SendPending(room);
    }

    private void TakeEphemeral(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
        ClientRoom room = Named(deliver.Channel);
        Assert.True(room.IsJoined && deliver.First.Seq == 0, "an ephemeral message for a non-member");
        Assert.True(room.Place(deliver.First.Generation, deliver.First.Partition) is not null, $"{room}: an ephemeral message of {deliver.First}");
    }

    private void TakeDeliver(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
        ClientRoom room = Named(deliver.Channel);
        Assert.True(room.IsJoined, "DELIVER for a room that was not joined");
        foreach (DeliverMessage message in deliver)
        {
            _world.Judge.Delivered(room, deliver.First with { Seq = message.Seq }, message);
        }
    }

    private void TakeGap(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(body, out GapBody gap));
        ClientRoom room = Named(gap.Channel);
        Assert.True(room.IsJoined, "GAP for a room that was not joined");
        _world.Judge.Skipped(room, gap.After, gap.Until, gap.Reason);
    }

    private void TakeAck(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
        Assert.Equal(_producerId, ack.ProducerId);
        string channel = Encoding.UTF8.GetString(ack.Channel);
        foreach ((ulong number, ulong seq) in ack)
        {
            _world.Judge.Acknowledged(channel, Name(number), ack.Log with { Seq = seq });
            Acks += _pending.Remove(number) ? 1 : 0;
        }
    }

    private void TakeError(FrameHeader header, ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        if (Commands.TryTakeError(header, error))
        {
            return;
        }

        if (error.Number is { } number)
        {
            Refusals++;
            if (error.Code == ErrorCode.NumberExpired)
            {
                Expired += _pending.Remove(number) ? 1 : 0;
                return;
            }

            if (error.Code is ErrorCode.Conflict or ErrorCode.BadArgument or ErrorCode.NotFound or ErrorCode.UnknownService && _pending.GetValueOrDefault(number) is not { Control: null })
            {
                ControlsRefused += _pending.Remove(number) ? 1 : 0;
                return;
            }

            Assert.True(error.Code.Family() == ErrorFamily.Retry, $"publish {number} refused with {error.Code}");
            if (_pending.TryGetValue(number, out ClientPublish? publish))
            {
                publish.IsSent = false;
                publish.NotBefore = _world.Time.Now + error.RetryAfterMilliseconds;
            }

            return;
        }

        uint correlation = header.Correlation;
        ClientRoom room = _rooms.Values.Single(room => room.IsJoining && room.JoinCorrelation == correlation);
        room.IsJoining = false;
        if (error.Code == ErrorCode.BadPosition)
        {
            _world.Judge.Unknown(room);
            room.Forget();
            return;
        }

        Assert.Equal(ErrorCode.Unavailable, error.Code);
    }

    private ClientRoom Named(ReadOnlySpan<byte> channel) => _rooms[Encoding.UTF8.GetString(channel)];

    private MessageName Name(ulong number) => new(_user, _producerId, number);

    // In the order of numbers; a refused one holds back those behind it, so that the log's order is the client's. Controls
    // need no membership.
    private void SendPending(ClientRoom room)
    {
        if (_session is null)
        {
            return;
        }

        foreach (ClientPublish publish in _pending.Values.Where(publish => publish.Channel == room.Channel && !publish.IsSent))
        {
            if (publish.NotBefore > _world.Time.Now || (!room.IsJoined && publish.Control is null))
            {
                return;
            }

            publish.IsSent = true;
            _world.Rooms.Sent(room.Channel, Name(publish.Number), Edge);
            Send(publish.Control is { } control
                ? ClientFrames.Control(++_correlation, room.Channel, _producerId, publish.Number, control)
                : ClientFrames.Publish(++_correlation, room.Channel, _producerId, publish.Number, FrameFlags.AckWanted));
        }
    }

    public void Send(byte[] frame)
    {
        SimulatedEdge edge = _edge!;
        EdgeSession session = _session!;
        _world.Time.After(5, () => edge.Receive(session, frame));
    }
}
