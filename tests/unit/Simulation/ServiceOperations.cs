using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What those do in a world who have to do with services: instances come and go, users give commands and subscribe.</summary>
internal sealed class ServiceOperations
{
    public const string CommentVerb = "comment";
    public const string Item = "item-1";
    public const string TopicPrefix = "topic:";
    public const string OpenTopic = "alerts";

    private const string AskVerb = "latest";
    private const string ClosedTopic = "headlines";
    private static readonly string[] s_services = ["news", "music"];
    private static readonly string[] s_subjects = ["economy", "world"];

    private readonly SimulatedWorld _world;
    private readonly IReadOnlyList<string> _rooms;
    private readonly List<SimulatedInstance> _instances = [];
    private readonly UpdateJudge _updates;
    private ulong _lastEnd;

    public ServiceOperations(SimulatedWorld world, IReadOnlyList<string> rooms)
    {
        (_world, _rooms) = (world, rooms);
        uint deadline = world.Time.Pick([1500u, 6000u, 0u]);
        foreach (string service in (string[])["news", "news", "news", "music"])
        {
            _instances.Add(new SimulatedInstance(world, service, $"process-{_instances.Count}", deadline));
        }

        foreach (SimulatedClient client in world.Clients)
        {
            world.Calls!.AddUser(client.User, s_services);
        }

        string[] topics = [.. s_services.SelectMany(service => (string[])[$"{service}.{ClosedTopic}", $"{service}.{OpenTopic}"])];
        _updates = new UpdateJudge(world, topics, [.. rooms, .. world.Clients.Select(client => InboxOf(client).Channel)]);
    }

    public IReadOnlyList<SimulatedInstance> Instances => _instances;

    /// <summary>How often the things happened that the judges judge.</summary>
    public IEnumerable<(string What, long Count)> Seen()
    {
        CommandJudge calls = _world.Calls!;
        yield return ("commands done", calls.Results);
        yield return ("commands told to rooms", calls.RoomResults);
        yield return ("commands done by the relay", calls.DoneByRelay);
        yield return ("commands refused by services", calls.RefusedByServices);
        yield return ("calls given to another instance", calls.FurtherAttempts);
        yield return ("commands begun again", calls.Repeats);
        yield return ("commands timed out", calls.TimedOut);
        yield return ("services away", calls.Unavailable);
        yield return ("answers too late", _instances.Sum(instance => instance.TooLate));
        yield return ("updates told", _instances.Sum(instance => instance.Updates.Acks));
        yield return ("updates told to inboxes", _instances.Sum(instance => instance.Updates.AcksOfInboxes));
        yield return ("topics forgotten", _world.Store.Records.Values.Sum(versions => versions.Count(version => version.Body.Length == 0)));
        if (!_world.StoreMayLose)
        {
            yield return ("updates of topics handed on", _updates.HandedOn);
            yield return ("updates of topics that were owed", _updates.Owed);
            yield return ("subscriptions ended", _updates.Ends);
        }
    }

    /// <summary>Somebody does something.</summary>
    public void Act(SimulatedClient client)
    {
        switch (_world.Time.Chance.Next(14))
        {
            case 0:
                Change(_world.Time.Pick(_instances));
                break;
            case 1:
                ClientRoom room = client.Room(_world.Time.Pick(_rooms));
                client.Control(room, RoomControl.Invite(_world.Time.Pick(s_services), !_world.Time.OneIn(5)));
                break;
            case 2:
                client.Commands.AskAgain();
                break;
            case 3 or 4:
                Subscribe(client, _world.Time.OneIn(2) ? InboxOf(client) : client.Room(_world.Time.Pick(_rooms)));
                break;
            case 5:
                client.Join(InboxOf(client), _world.Time.Pick([JoinStart.Live, JoinStart.LastMessages, JoinStart.Resume]), (uint)_world.Time.Chance.Next(12));
                break;
            case < 9:
                Tell(_world.Time.Pick(_instances));
                break;
            default:
                Command(client, isProbe: false);
                break;
        }
    }

    /// <summary>Whoever is away comes again.</summary>
    public void GoOn()
    {
        foreach (SimulatedInstance instance in _instances)
        {
            if (!instance.IsConnected)
            {
                instance.Connect(_world.AnyEdge());
            }

            instance.RegisterAll();
            instance.Updates.SendPending();
        }
    }

    /// <summary>Nothing is wrong any more: what is asked now is done.</summary>
    public void Probe()
    {
        foreach (SimulatedClient client in _world.Clients)
        {
            Command(client, isProbe: true);
        }

        foreach (SimulatedInstance instance in _instances)
        {
            TellTopic(instance, isProbe: true);
        }
    }

    /// <summary>Something comes into every inbox.</summary>
    public void Stir()
    {
        foreach (SimulatedClient client in _world.Clients)
        {
            client.Control(InboxOf(client), RoomControl.Subscribe($"{_world.Time.Pick(s_services)}.{OpenTopic}", []));
        }
    }

    /// <summary>What instances have told is where it belongs.</summary>
    public void Check()
    {
        foreach (SimulatedInstance instance in _instances)
        {
            Assert.True(instance.Updates.Pending.Count == 0, $"{instance} has updates without an answer: {string.Join("; ", instance.Updates.Pending)}");
        }

        if (!_world.StoreMayLose)
        {
            _updates.Check();
        }
    }

    private static ClientRoom InboxOf(SimulatedClient client) => client.Room(ClientRoom.InboxPrefix + client.User);

    // Each end is another, so that what is said of it is known by it.
    private void Subscribe(SimulatedClient client, ClientRoom room)
    {
        bool isClosed = _world.Time.OneIn(2);
        string topic = $"{_world.Time.Pick(s_services)}.{(isClosed ? ClosedTopic : OpenTopic)}";
        if (_world.Time.OneIn(6))
        {
            client.Control(room, RoomControl.Unsubscribe(topic));
            return;
        }

        ulong end = _world.Time.OneIn(2) ? 0 : _lastEnd = Math.Max(_lastEnd + 1, _world.Time.Now + (ulong)_world.Time.Pick<int>([1500, 6000]));
        client.Control(room, RoomControl.Subscribe(topic, Subjects(), end));
    }

    private void Tell(SimulatedInstance instance)
    {
        if (_world.Time.OneIn(2))
        {
            TellTopic(instance, isProbe: false);
            return;
        }

        string place = _world.Time.OneIn(2) ? _world.Time.Pick(_rooms) : InboxOf(_world.Time.Pick(_world.Clients)).Channel;
        instance.Updates.Tell(topic: null, [], place, isProbe: false);
    }

    private void TellTopic(SimulatedInstance instance, bool isProbe)
    {
        string topic = $"{instance.Service}.{(_world.Time.OneIn(2) ? ClosedTopic : OpenTopic)}";
        instance.Updates.Tell(topic, Subjects(), TopicPrefix + topic, isProbe);
    }

    private string[] Subjects() => [.. s_subjects.Where(_ => _world.Time.OneIn(2))];

    private void Change(SimulatedInstance instance)
    {
        if (!instance.IsConnected)
        {
            instance.Connect(_world.AnyEdge());
        }
        else if (_world.Time.OneIn(3))
        {
            instance.Die();
        }
        else if (instance.IsRegistered)
        {
            instance.Register(hasAlerts: !_world.IsTurbulent || _world.Time.OneIn(2));
        }
    }

    private void Command(SimulatedClient client, bool isProbe)
    {
        string service = !isProbe && _world.Time.OneIn(30) ? "weather" : _world.Time.Pick(s_services);
        bool answersRoom = !isProbe && _world.Time.OneIn(3);
        string verb = answersRoom ? CommentVerb : isProbe ? AskVerb : _world.Time.OneIn(30) ? "fly" : _world.Time.OneIn(6) ? SubscriptionWords.Subscribe : AskVerb;
        ClientRoom? room = answersRoom || _world.Time.OneIn(2) ? client.Rooms.FirstOrDefault(room => room is { IsJoined: true, IsLeaving: false, IsInbox: false }) : null;
        if (room is not null || !answersRoom)
        {
            client.Commands.Give(new ClientCommand(client.NextNumber(), service, verb, room?.Channel, room is not null && _world.Time.OneIn(2)) { IsProbe = isProbe });
        }
    }
}
