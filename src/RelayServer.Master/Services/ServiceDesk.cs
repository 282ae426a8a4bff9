using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Links;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// The instances of services: who is one, what each has been asked, and what becomes of that when it goes. What a caller asks,
/// <see cref="CommandDesk"/> has checked.
/// </summary>
internal sealed class ServiceDesk(ServiceDirectory directory, ServicePresence presence, ServiceFrames frames)
{
    /// <summary>Sessions that one service may have.</summary>
    public const int InstancesMax = 256;

    /// <summary>Commands of one service under way.</summary>
    public const int CallsMax = 10_000;

    /// <summary>How many instances a command is given to, one after the other when they go away.</summary>
    public const int AttemptsMax = 3;

    /// <summary>How long a command waits for an instance, in milliseconds: one that restarts, or whose edge finds a new owner, is back by then.</summary>
    public const ulong WaitMilliseconds = 2000;

    private readonly Dictionary<ulong, ServiceCall> _byTicket = [];
    // Tickets, of calls that have ended too: what those were about is not kept until their time is over.
    private readonly PriorityQueue<ulong, ulong> _deadlines = new();

    /// <summary>Told how a command has ended.</summary>
    public required Action<ServiceCall, CallEnd, ulong> Ended { get; init; }

    /// <summary>A session is an instance of a service, or is so no longer.</summary>
    public void Register(EdgeLink link, in UpstreamRecord record, ulong nowMilliseconds)
    {
        string name = Encoding.UTF8.GetString(record.Service);
        if (record.Body.IsEmpty)
        {
            Leave(name, link, record.Session, nowMilliseconds);
            return;
        }

        if (ServiceProfile.Decode(record.Body, out ControlRefusal? refusal) is not { } profile)
        {
            frames.Refuse(link, record.Session, record.Correlation, refusal!.Code, refusal.Text);
            return;
        }

        if (profile.Name != name)
        {
            frames.Refuse(link, record.Session, record.Correlation, ErrorCode.Forbidden, $"the token of this session names the service {name}");
            return;
        }

        RegisteredService? known = directory.Find(name);
        ServiceInstance? instance = known?.Find(record.Session, link);
        bool isFull = instance is null && known?.Instances.Count >= InstancesMax;
        RegisteredService? service = isFull ? null : directory.Put(profile, record.Body);
        if (service is null)
        {
            frames.Refuse(link, record.Session, record.Correlation, ErrorCode.Conflict, isFull
                ? $"limit reached: {name} has {InstancesMax} instances"
                : $"limit reached: there are {ServiceDirectory.ServicesMax} services that run or have subscribers");
            return;
        }

        if (instance is null)
        {
            instance = new ServiceInstance(link, record.Session);
            service.Instances.Add(instance);
            presence.Came(service);
        }

        var registered = new RegisteredBody { Name = record.Service, Instances = (uint)service.Instances.Count };
        frames.Send(link, record.Session, FrameType.Registered, record.Correlation, registered.ToBytes());

        // What it was asked may have been lost on the way: it is the same call, with the same ticket.
        foreach (ServiceCall call in instance.Calls.Values)
        {
            Send(call, instance, nowMilliseconds);
        }

        while (service.Waiting.First?.Value is { } waiting)
        {
            StopWaiting(waiting);
            Ask(waiting, nowMilliseconds);
        }
    }

    /// <summary>Takes a command: its time runs.</summary>
    public void Begin(ServiceCall call)
    {
        _byTicket.Add(call.Ticket, call);
        _deadlines.Enqueue(call.Ticket, call.DeadlineMilliseconds);
        call.Service.CallCount++;
    }

    /// <summary>Has it done by an instance, as soon as there is one.</summary>
    public void Ask(ServiceCall call, ulong nowMilliseconds)
    {
        if (call.Attempt >= AttemptsMax)
        {
            End(call, CallEnd.Unavailable, nowMilliseconds);
            return;
        }

        call.Instance = call.Service.Pick();
        if (call.Instance is not { } instance)
        {
            call.WaitsUntilMilliseconds = nowMilliseconds + WaitMilliseconds;
            call.Place = call.Service.Waiting.AddLast(call);
            return;
        }

        call.Attempt++;
        instance.Calls.Add(call.Ticket, call);
        Send(call, instance, nowMilliseconds);
    }

    /// <summary>Nothing more is to come of it.</summary>
    public void Withdraw(ServiceCall call)
    {
        if (_byTicket.Remove(call.Ticket))
        {
            call.Instance?.Calls.Remove(call.Ticket);
            call.Service.CallCount--;
            StopWaiting(call);
        }
    }

    /// <summary>What an instance has made of a call.</summary>
    public void Return(EdgeLink link, in UpstreamRecord record, ulong nowMilliseconds)
    {
        if (ReturnBody.TryDecode(record.Body, out ReturnBody returned) != DecodeStatus.Ok)
        {
            frames.Refuse(link, record.Session, record.Correlation, ErrorCode.MalformedBody, "the RETURN could not be read");
        }
        else if (!_byTicket.TryGetValue(returned.Ticket, out ServiceCall? call) || call.Instance is not { } instance
            || instance.Link != link || instance.Session != record.Session)
        {
            frames.Refuse(
                link, record.Session, record.Correlation, ErrorCode.DeadlinePassed,
                $"nobody waits for the answer to call {returned.Ticket}: it is too late, was answered already, or was given to another instance");
        }
        else if (returned.HasCard && CardCheck.FindProblem(returned.Card) is { } problem)
        {
            frames.Refuse(link, record.Session, record.Correlation, ErrorCode.BadArgument, problem);
            End(call, CallEnd.Failed, nowMilliseconds);
        }
        else
        {
            End(call, CallEnd.Of(returned), nowMilliseconds);
        }
    }

    /// <summary>An edge is gone, and with it the instances that it had.</summary>
    public void Forget(EdgeLink link, ulong nowMilliseconds)
    {
        foreach (RegisteredService service in directory.All)
        {
            foreach (ServiceInstance instance in service.Instances.Where(instance => instance.Link == link).ToArray())
            {
                Remove(service, instance, nowMilliseconds);
            }
        }
    }

    /// <summary>Four times a second: ends what has taken too long.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        while (_deadlines.TryPeek(out ulong ticket, out ulong deadline) && (deadline <= nowMilliseconds || !_byTicket.ContainsKey(ticket)))
        {
            _deadlines.Dequeue();
            if (_byTicket.TryGetValue(ticket, out ServiceCall? late))
            {
                End(late, late.Place is null ? CallEnd.TimedOut : CallEnd.Unavailable, nowMilliseconds);
            }
        }

        foreach (RegisteredService service in directory.All)
        {
            while (service.Waiting.First?.Value is { } call && call.WaitsUntilMilliseconds <= nowMilliseconds)
            {
                End(call, CallEnd.Unavailable, nowMilliseconds);
            }
        }
    }

    public void Abandon()
    {
        _byTicket.Clear();
        _deadlines.Clear();
    }

    private void Send(ServiceCall call, ServiceInstance instance, ulong nowMilliseconds)
    {
        using var arguments = new PooledBuffer();
        foreach (string argument in call.Arguments)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(argument);
            var writer = new MessagePackWriter(arguments.Reserve(MessagePackWriter.HeadBytesMax + utf8.Length));
            writer.WriteString(utf8);
            arguments.Advance(writer.WrittenBytes);
        }

        var body = new CallBody
        {
            Ticket = call.Ticket,
            Verb = Encoding.UTF8.GetBytes(call.Verb.Name),
            Arguments = new EncodedList<CommandArgument>(arguments.WrittenSpan, call.Arguments.Count),
            Subject = Encoding.UTF8.GetBytes(call.Subject),
            Role = (byte)call.Role,
            Channel = call.DisclosedChannel,
            Item = call.Item,
            Key = Encoding.UTF8.GetBytes(call.Key),
            Locale = call.Locale,
            DeadlineMilliseconds = (uint)(call.DeadlineMilliseconds - Math.Min(call.DeadlineMilliseconds, nowMilliseconds)),
            Attempt = (byte)call.Attempt,
        };
        using var encoded = new PooledBuffer();
        body.TryEncode(encoded.Reserve(body.EncodedBytesMax), out int bytes);
        encoded.Advance(bytes);
        frames.Send(instance.Link, instance.Session, FrameType.Call, 0, encoded.WrittenSpan);
    }

    private static void StopWaiting(ServiceCall call)
    {
        if (call.Place is { } place)
        {
            call.Service.Waiting.Remove(place);
            call.Place = null;
        }
    }

    // An edge that was given a call for a session that it does not have names no service.
    private void Leave(string name, EdgeLink link, ulong session, ulong nowMilliseconds)
    {
        foreach (RegisteredService service in name.Length == 0 ? directory.All : directory.Find(name) is { } one ? [one] : [])
        {
            if (service.Find(session, link) is { } gone)
            {
                Remove(service, gone, nowMilliseconds);
            }
        }
    }

    // What it had under way goes to others, with the same keys: they can tell that it was begun.
    private void Remove(RegisteredService service, ServiceInstance instance, ulong nowMilliseconds)
    {
        service.Instances.Remove(instance);
        if (!service.IsAvailable)
        {
            service.AwaySinceMilliseconds = nowMilliseconds;
        }

        ServiceCall[] calls = [.. instance.Calls.Values];
        instance.Calls.Clear();
        foreach (ServiceCall call in calls)
        {
            call.Instance = null;
            Ask(call, nowMilliseconds);
        }
    }

    private void End(ServiceCall call, CallEnd returned, ulong nowMilliseconds)
    {
        Withdraw(call);
        Ended(call, returned, nowMilliseconds);
    }
}
