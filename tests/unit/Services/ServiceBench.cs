using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>A master with two edges: users on the first, and services on both.</summary>
internal sealed class ServiceBench : IDisposable
{
    public const string Room = "room";

    private ulong _number = 1000;

    public ServiceBench(bool hasNews = true)
    {
        Users = Bench.Edge("a-0001");
        Services = Bench.Edge("b-0002");
        Users.Interest(Room);
        Settle();
        if (hasNews)
        {
            Services.Register("news", Bodies.News());
            Settle();
        }
    }

    public MasterBench Bench { get; } = new();

    public EdgeVoice Users { get; }

    public EdgeVoice Services { get; }

    /// <summary>What edges were told since it was asked for last.</summary>
    public List<RelayView> Told { get; } = [];

    /// <summary>Everything is read, handed on and flushed that can be.</summary>
    public ServiceBench Settle()
    {
        for (int quiet = 0; quiet < 3;)
        {
            Bench.Load();
            List<RelayView> relays = Bench.Flush();
            quiet = relays.Count == 0 ? quiet + 1 : 0;
            Told.AddRange(relays);
            foreach (EdgeVoice edge in (EdgeVoice[])[Users, Services])
            {
                edge.Confirmed = Math.Max(edge.Confirmed, relays.Where(relay => relay.To == edge.Address).Select(relay => relay.RelayNo).LastOrDefault());
            }
        }

        return this;
    }

    /// <summary>Time passes, and both edges live.</summary>
    public void Pass(ulong milliseconds)
    {
        Told.AddRange(Bench.Pass(milliseconds, Users, Services));
        Settle();
    }

    /// <summary>Subscribes a room or an inbox; refused with the code given, if any.</summary>
    public void Subscribe(string channel, string topic, string[] subjects, ulong expiresAtMilliseconds = 0, string user = "olga", Role role = Role.Operator, ErrorCode? refused = null) =>
        Change(channel, RoomControl.Subscribe(topic, subjects, expiresAtMilliseconds), user, role, refused);

    public void Change(string channel, RoomControl control, string user = "olga", Role role = Role.Operator, ErrorCode? refused = null)
    {
        Told.Clear();
        Users.Control(channel, control, ++_number, user: user, role: role);
        Settle();
        Assert.Equal(refused is { } code ? [code] : [], Told.SelectMany(relay => relay.Errors).Select(error => error.Code));
        Told.Clear();
    }

    /// <summary>The one call that an instance was given since it was asked for last.</summary>
    public (ulong Session, ulong Ticket, string Subject, string Key, int Attempt, string Channel, string[] Arguments) Call()
    {
        (ulong Session, FrameType Type, uint Correlation, byte[] Body) frame = Assert.Single(Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Told.Clear();
        Assert.Equal(DecodeStatus.Ok, CallBody.TryDecode(frame.Body, out CallBody call));
        List<string> arguments = [];
        foreach (CommandArgument argument in call.Arguments)
        {
            arguments.Add(Encoding.UTF8.GetString(argument.Value));
        }

        return (frame.Session, call.Ticket, Encoding.UTF8.GetString(call.Subject), Encoding.UTF8.GetString(call.Key), call.Attempt, Encoding.UTF8.GetString(call.Channel), [.. arguments]);
    }

    /// <summary>What the one command came to: the text of a RESULT, or the code and text of an ERROR.</summary>
    public (ErrorCode Code, string Text) Outcome()
    {
        (ulong Session, uint Id, FrameType Type, byte[] Body) outcome = Assert.Single(Told.SelectMany(relay => relay.Outcomes));
        Told.Clear();
        if (outcome.Type == FrameType.Result)
        {
            Assert.Equal(DecodeStatus.Ok, ResultBody.TryDecode(outcome.Body, out ResultBody result));
            return (ErrorCode.None, Encoding.UTF8.GetString(result.Text));
        }

        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(outcome.Body, out ErrorBody error));
        return (error.Code, Encoding.UTF8.GetString(error.Text));
    }

    /// <summary>Messages of a kind in a channel's log, as their numbers.</summary>
    public List<ulong> Logged(string channel, MessageKind kind) => [.. Messages(channel).Where(message => message.Kind == kind).Select(message => message.Number)];

    /// <summary>All messages in a channel's log.</summary>
    public List<(MessageKind Kind, ulong Number, string From, byte[] Payload)> Messages(string channel)
    {
        List<(MessageKind, ulong, string, byte[])> messages = [];
        foreach (LogEntry entry in Bench.Log(channel))
        {
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
            foreach (DeliverMessage message in body)
            {
                messages.Add((message.Kind, message.Number, Encoding.UTF8.GetString(message.From), message.Payload.ToArray()));
            }
        }

        return messages;
    }

    public void Dispose() => Bench.Dispose();
}
