using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Services;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A process of a service: registers, does what it is asked once each, tells updates, dies and comes again.</summary>
internal sealed class SimulatedInstance : SimulatedPeer
{
    private readonly SimulatedWorld _world;
    private readonly string _service;
    private readonly string _user;
    private readonly uint _deadlineMilliseconds;
    private readonly Dictionary<string, (string Text, ReturnStatus Status)> _done = [];
    private SimulatedEdge? _edge;
    private EdgeSession? _session;
    private uint _correlation;
    private uint _registering;

    public SimulatedInstance(SimulatedWorld world, string service, string user, uint deadlineMilliseconds)
    {
        (_world, _service, _user, _deadlineMilliseconds) = (world, service, user, deadlineMilliseconds);
        Updates = new InstanceUpdates(world, this);
    }

    public override string User => _user;

    public override Role Role => Role.Service;

    public override string Service => _service;

    public bool IsConnected => _session is not null;

    public InstanceUpdates Updates { get; }

    /// <summary>REGISTERED has come.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>Answers that came too late, or were another's to give.</summary>
    public int TooLate { get; private set; }

    public override string ToString() => $"{_user} of {_service} at {_edge?.Name}";

    public void Connect(SimulatedEdge edge)
    {
        _edge = edge;
        _session = edge.Connect(this);
        Updates.Connected();
        Register();
    }

    /// <summary>What it said last that it is has all its topics.</summary>
    public bool HasAlerts { get; private set; }

    /// <summary>Says again what it is.</summary>
    public void Register(bool hasAlerts = true)
    {
        (IsRegistered, HasAlerts) = (false, hasAlerts);
        _registering = ++_correlation;
        Send(ClientFrames.Frame(FrameType.Register, FrameFlags.None, _registering, Bodies.News(_service, _deadlineMilliseconds, hasAlerts: hasAlerts)));
    }

    /// <summary>In the end it has all its topics.</summary>
    public void RegisterAll()
    {
        if (IsRegistered && !HasAlerts && !_world.IsTurbulent)
        {
            Register();
        }
    }

    /// <summary>Publishes an update.</summary>
    public void Publish(string channel, ulong producerId, ulong number, byte[] payload) =>
        Send(ClientFrames.Publish(++_correlation, channel, producerId, number, FrameFlags.AckWanted, MessageKind.Update, payload));

    /// <summary>Its process ends, and with it what it knows it has done.</summary>
    public void Die()
    {
        if (_session is { } session)
        {
            SimulatedEdge edge = _edge!;
            Cut(session);
            _done.Clear();
            _world.Time.Soon(20, () => edge.Disconnect(session));
        }
    }

    public override void Cut(EdgeSession session)
    {
        if (session == _session)
        {
            _session = null;
            IsRegistered = false;
        }
    }

    public override void Take(EdgeSession session, byte[] frame)
    {
        if (session != _session)
        {
            return;
        }

        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header));
        ReadOnlySpan<byte> body = frame.AsSpan(FrameHeader.SizeBytes);
        switch (header.Type)
        {
            case FrameType.Registered:
                Assert.True(header.Correlation == _registering && !IsRegistered, $"{this}: REGISTERED that nobody asked for");
                IsRegistered = true;
                Updates.SendPending();
                RegisterAll();
                break;
            case FrameType.Call:
                Assert.Equal(DecodeStatus.Ok, CallBody.TryDecode(body, out CallBody call));
                Do(session, call);
                break;
            case FrameType.PubAck:
                Updates.TakeAck(body);
                break;
            case FrameType.Error:
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                TakeError(header, error);
                break;
            default:
                Assert.Fail($"{this}: unexpected {header.Type}");
                break;
        }
    }

    private void Do(EdgeSession session, in CallBody call)
    {
        Assert.True(_registering > 0, $"{this} was asked before it registered");
        JudgedCommand command = _world.Calls!.Called(_service, session, call);
        string key = Encoding.UTF8.GetString(call.Key);
        ulong ticket = call.Ticket;
        if (!_done.TryGetValue(key, out (string Text, ReturnStatus Status) done))
        {
            int chance = _world.IsTurbulent ? _world.Time.Chance.Next(12) : 2;
            done = ($"{_user}-{_world.Time.Now} did {key}", chance switch { 0 => ReturnStatus.Refused, 1 => ReturnStatus.Failed, _ => ReturnStatus.Done });
            if (done.Status != ReturnStatus.Failed)
            {
                _done.Add(key, done);
            }
        }

        int delay = _world.IsTurbulent ? _world.Time.Pick([0, 5, 50, 500, 2500]) : 50;
        if (_world.IsTurbulent && _world.Time.OneIn(30))
        {
            command.IsIgnored = true;
            return;
        }

        _world.Time.Soon(delay, () =>
        {
            if (session == _session)
            {
                command.Returned.Add(done.Text);
                Send(ClientFrames.Frame(FrameType.Return, FrameFlags.None, ++_correlation, Bodies.Return(ticket, done.Text, done.Status)));
            }
        });
    }

    private void TakeError(FrameHeader header, in ErrorBody error)
    {
        if (error.Number is not null)
        {
            Updates.TakeError(error);
            return;
        }

        if (header.Correlation == _registering && !IsRegistered && error.Code.Family() == ErrorFamily.Retry)
        {
            EdgeSession? session = _session;
            _world.Time.After((int)error.RetryAfterMilliseconds, () =>
            {
                if (session == _session && !IsRegistered)
                {
                    Register();
                }
            });
            return;
        }

        Assert.Equal(ErrorCode.DeadlinePassed, error.Code);
        TooLate++;
    }

    private void Send(byte[] frame)
    {
        SimulatedEdge edge = _edge!;
        EdgeSession session = _session!;
        _world.Time.After(5, () => edge.Receive(session, frame));
    }
}
