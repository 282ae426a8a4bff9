using System.Text;
using RelayServer.Edge.Services;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>What an edge takes of services and their users, what it refuses at once, and what it tells the owner again.</summary>
public sealed class ServiceSessionsTests : IDisposable
{
    private const string Room = "room";

    private readonly EdgeBench _bench = new(options => options.CommandsPerSecondMax = 40) { Capabilities = Capabilities.Ephemeral | Capabilities.Rooms | Capabilities.Services };
    private uint _correlation;

    public ServiceSessionsTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
    }

    private RecordingEffects Effects => _bench.Effects;

    [Theory]
    [InlineData(FrameType.Command)]
    [InlineData(FrameType.Register)]
    [InlineData(FrameType.Service)]
    public void Frames_CapabilityNotAgreed_UnknownFrameType(FrameType type)
    {
        _bench.Capabilities = Capabilities.Rooms;
        EdgeSession session = _bench.SignIn();
        Say(session, type, []);
        Assert.Equal([(session.Id, ErrorCode.UnknownFrameType)], Effects.Closed);
    }

    [Theory]
    [InlineData(FrameType.Result, FrameFlags.None, ErrorCode.IllegalState)]
    [InlineData(FrameType.Call, FrameFlags.None, ErrorCode.IllegalState)]
    [InlineData(FrameType.Command, FrameFlags.AckWanted, ErrorCode.BadFlags)]
    [InlineData(FrameType.Command, FrameFlags.None, ErrorCode.MalformedBody)]
    [InlineData(FrameType.Register, FrameFlags.None, ErrorCode.MalformedBody)]
    [InlineData(FrameType.Return, FrameFlags.None, ErrorCode.MalformedBody)]
    public void Frames_ThatBreakTheProtocol_Close(FrameType type, FrameFlags flags, ErrorCode code)
    {
        EdgeSession session = _bench.SignIn();
        _bench.Core.Frames(session, ClientFrames.Frame(type, flags, 1, [0x90]), _bench.Now);
        Assert.Equal([(session.Id, code)], Effects.Closed);
    }

    [Fact]
    [Trait("Must", "R-SVC-2")]
    public void Register_TokenWithoutService_IsForbidden()
    {
        EdgeSession session = _bench.SignIn(role: Role.Service);
        Say(session, FrameType.Register, Bodies.News());
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
    }

    [Fact]
    [Trait("Must", "R-SVC-3")]
    public void Register_Answered_IsToldOnceWithItsCorrelation()
    {
        EdgeSession session = Registered(out uint correlation);
        Assert.Equal((session.Id, FrameType.Registered, correlation), (Effects.Sent[^1].Session, Effects.Sent[^1].Type, Effects.Sent[^1].Correlation));
        int sent = Effects.Sent.Count;
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Registered, Correlation = correlation, Body = [0x92, 0xa0, 1] });
        Assert.Equal(sent, Effects.Sent.Count);
    }

    [Fact]
    public void Register_MasterForgotOrRelayWasLost_IsToldAgain()
    {
        Registered(out _);
        Effects.Upstream.Clear();
        _bench.LoseRelay();
        _bench.Relay(Array.Empty<byte[]>());
        Assert.Contains(Records(), record => record.Kind == UpstreamKind.Register && record.BodyBytes > 0);
        Effects.Upstream.Clear();
        _bench.CompleteAll();
        _bench.Link++;
        _bench.Relay(Array.Empty<byte[]>());
        Assert.Contains(Records(), record => record.Kind == UpstreamKind.Register && record.BodyBytes > 0);
    }

    [Fact]
    [Trait("Must", "R-SVC-4")]
    public void Register_AnotherThatIsRefused_LeavesTheOneBefore()
    {
        EdgeSession session = Registered(out _);
        Say(session, FrameType.Register, Bodies.News(title: ""));
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Error, Correlation = _correlation, Body = Error(ErrorCode.BadArgument) });
        Assert.Equal(ErrorCode.BadArgument, Refusal().Code);
        Assert.Equal(1, _bench.Core.ServiceInstanceCount);
        _bench.CompleteAll();
        Effects.Upstream.Clear();
        _bench.LoseRelay();
        _bench.Relay(Array.Empty<byte[]>());
        Assert.Equal(Bodies.News().Length, Records().Single(record => record.Kind == UpstreamKind.Register).BodyBytes);
    }

    [Fact]
    public void Register_FirstThatIsRefused_IsNoInstance()
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        Say(session, FrameType.Register, Bodies.News(title: ""));
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Error, Correlation = _correlation, Body = Error(ErrorCode.BadArgument) });
        Assert.Equal(0, _bench.Core.ServiceInstanceCount);
        Say(session, FrameType.Return, Bodies.Return(1));
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
    }

    [Fact]
    public void Register_SessionEnds_IsTold()
    {
        EdgeSession session = Registered(out _);
        _bench.CompleteAll();
        Effects.Upstream.Clear();
        _bench.Core.SessionClosed(session, _bench.Now);
        _bench.Core.Flush(_bench.Now);
        Assert.Equal(0, Records().Single(record => record.Kind == UpstreamKind.Register).BodyBytes);
    }

    [Fact]
    public void Register_MoreThanAnEdgeTakes_IsRefused()
    {
        for (int i = 0; i < Registrations.SessionsMax; i++)
        {
            string name = $"news{i / Registrations.SessionsPerServiceMax}";
            Say(_bench.SignIn("bot", Role.Service, name), FrameType.Register, Bodies.News(name));
        }

        Assert.DoesNotContain(Effects.Sent, frame => frame.Type == FrameType.Error);
        Say(_bench.SignIn("bot", Role.Service, "shop"), FrameType.Register, Bodies.News("shop"));
        Assert.Equal(ErrorCode.Overloaded, Refusal().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-1")]
    public void Command_Answered_HasTheCorrelationAndOnlyOnce()
    {
        EdgeSession session = _bench.SignIn();
        Say(session, FrameType.Command, Bodies.Command("news", "latest", []));
        uint id = Records().Single(record => record.Kind == UpstreamKind.Command).Correlation;
        var outcome = new RelayRecord { Kind = RelayKind.Outcome, Session = session.Id, FrameType = FrameType.Result, Correlation = id, Body = [0x90] };
        _bench.Relay(outcome);
        _bench.Relay(outcome);
        Assert.Equal([(session.Id, _correlation)], Effects.Sent.Where(frame => frame.Type == FrameType.Result).Select(frame => (frame.Session, frame.Correlation)));
    }

    [Fact]
    public void Command_NotAnsweredWhenTheMasterForgets_IsGivenAgain()
    {
        EdgeSession session = _bench.SignIn();
        Say(session, FrameType.Command, Bodies.Command("news", "latest", []));
        _bench.CompleteAll();
        Effects.Upstream.Clear();
        _bench.Link++;
        _bench.Relay(Array.Empty<byte[]>());
        Assert.Single(Records(), record => record.Kind == UpstreamKind.Command);
    }

    [Fact]
    public void Command_NobodyEverAnswers_IsUnavailable()
    {
        EdgeSession session = _bench.SignIn();
        Say(session, FrameType.Command, Bodies.Command("news", "latest", []));
        _bench.CompleteAll();
        _bench.Now += ServiceProfile.DeadlineMillisecondsMax + 5000;
        _bench.Core.Tick(_bench.Now);
        Assert.Equal((ErrorCode.Unavailable, 1UL), Refusal());
    }

    [Fact]
    [Trait("Must", "R-CMD-15")]
    public void Command_TooManyUnansweredOrTooFast_IsRefused()
    {
        EdgeSession session = _bench.SignIn();
        for (ulong number = 1; number <= Commands.PendingMax; number++)
        {
            Say(session, FrameType.Command, Bodies.Command("news", "latest", [], number: number));
        }

        Say(session, FrameType.Command, Bodies.Command("news", "latest", [], number: 99));
        Assert.Equal((ErrorCode.Overloaded, 99UL), Refusal());
        EdgeSession other = _bench.SignIn("bob");
        for (ulong number = 1; number <= 41; number++)
        {
            Effects.Sent.Clear();
            Say(other, FrameType.Command, Bodies.Command("news", "latest", [], number: number));
            foreach (var record in Records().Where(record => record.Kind == UpstreamKind.Command).ToArray())
            {
                _bench.Relay(new RelayRecord { Kind = RelayKind.Outcome, Session = other.Id, FrameType = FrameType.Result, Correlation = record.Correlation, Body = [0x90] });
            }
        }

        Assert.Equal((ErrorCode.RateLimited, 41UL), Refusal());
    }

    [Fact]
    public void Command_TooLargeOrOfARoomNotJoined_IsRefused()
    {
        EdgeSession session = _bench.SignIn();
        Say(session, FrameType.Command, Bodies.Command("news", "latest", [.. Enumerable.Repeat(new string('a', 2000), 5)]));
        Assert.Equal(ErrorCode.PayloadTooLarge, Refusal().Code);
        Say(session, FrameType.Command, Bodies.Command("news", "latest", [], Room));
        Assert.Equal(ErrorCode.NotJoined, Refusal().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-9")]
    public void Command_SaidInTheOwnInbox_IsRefusedForTheServiceWouldLearnTheUser()
    {
        EdgeSession session = Joined("inbox:alice");
        Say(session, FrameType.Command, Bodies.Command("news", "latest", [], "inbox:alice"));
        Assert.Equal(ErrorCode.NotJoined, Refusal().Code);
        Publish(session, "inbox:alice", MessageKind.Text, "/news latest"u8.ToArray(), FrameFlags.AckWanted);
        (UpstreamKind Kind, uint Correlation, int BodyBytes, byte[] Body) record = Records().Single(record => record.Kind == UpstreamKind.Command);
        Assert.Equal(DecodeStatus.Ok, CommandBody.TryDecode(record.Body, out CommandBody command));
        Assert.True(command.Channel.IsEmpty);
    }

    [Theory]
    [InlineData(FrameFlags.None)]
    [InlineData(FrameFlags.AckWanted)]
    [InlineData(FrameFlags.Ephemeral)]
    [Trait("Must", "R-LINE-1")]
    public void Line_InARoom_IsACommandAndNoMessage(FrameFlags flags)
    {
        EdgeSession session = Joined();
        Text(session, "/news comment #item-1 two words", flags);
        (UpstreamKind Kind, uint Correlation, int BodyBytes, byte[] Body) record = Records().Single(record => record.Kind is UpstreamKind.Command or UpstreamKind.Publish);
        Assert.Equal(UpstreamKind.Command, record.Kind);
        Assert.Equal(DecodeStatus.Ok, CommandBody.TryDecode(record.Body, out CommandBody command));
        Assert.Equal(("news", "comment", "item-1", Room, 5UL), (Text(command.Service), Text(command.Verb), Text(command.Item), Text(command.Channel), command.Number));

        _bench.Relay(new RelayRecord { Kind = RelayKind.Outcome, Session = session.Id, FrameType = FrameType.Result, Correlation = record.Correlation, Body = [0x90] });
        Assert.Equal((FrameType.Result, _correlation), (Effects.Sent[^1].Type, Effects.Sent[^1].Correlation));
        Assert.Equal(0, session.Unanswered);
    }

    [Theory]
    [InlineData("//news latest", true)]
    [InlineData(" /news latest", true)]
    [InlineData("/news latest", false)]
    [Trait("Must", "R-LINE-2")]
    public void Line_ThatIsNone_IsAMessageAsItIs(string text, bool hasServices)
    {
        _bench.Capabilities = hasServices ? _bench.Capabilities : Capabilities.Rooms;
        EdgeSession session = Joined();
        Text(session, text, FrameFlags.AckWanted);
        Assert.Equal(UpstreamKind.Publish, Records().Single(record => record.Kind is UpstreamKind.Command or UpstreamKind.Publish).Kind);
    }

    [Theory]
    [InlineData("/", ErrorCode.BadArgument)]
    [InlineData("/news comment \"open", ErrorCode.None)]
    public void Line_WithoutAForm_IsRefusedWithItsNumber(string text, ErrorCode code)
    {
        EdgeSession session = Joined();
        Effects.Sent.Clear();
        Text(session, text, FrameFlags.AckWanted);
        Assert.Equal(code == ErrorCode.None ? [] : [(code, (ulong?)5)], Effects.Sent.Where(frame => frame.Type == FrameType.Error).Select(frame => Decode(frame.Body)));
    }

    [Theory]
    [InlineData("inbox:alice", Role.Member, null)]
    [InlineData("inbox:bob", Role.Operator, ErrorCode.Forbidden)]
    [InlineData("topic:news.headlines", Role.Member, ErrorCode.Forbidden)]
    [InlineData("topic:news.headlines", Role.Service, ErrorCode.Forbidden)]
    [InlineData("topic:news.headlines", Role.Operator, null)]
    [InlineData("topic:News", Role.Operator, ErrorCode.BadChannelName)]
    [Trait("Must", "R-SVC-8")]
    public void Join_TopicOrInbox_IsForWhomItIs(string channel, Role role, ErrorCode? refused)
    {
        EdgeSession session = _bench.SignIn("alice", role);
        _bench.Join(session, channel);
        Assert.Equal(refused is { } code ? [code] : [], Effects.Sent.Where(frame => frame.Type == FrameType.Error).Select(frame => Decode(frame.Body).Code));
    }

    [Fact]
    [Trait("Must", "R-SVC-9")]
    public void Publish_ControlsAndUpdatesWhereTheyDoNotBelong_AreForbidden()
    {
        EdgeSession session = _bench.SignIn();
        Control(session, "inbox:bob", RoomControl.Subscribe("news.headlines", []));
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
        Publish(session, "topic:news.headlines", MessageKind.Update, Bodies.Update("news.headlines", []), FrameFlags.AckWanted);
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
        EdgeSession service = _bench.SignIn("bot", Role.Service, "news");
        Publish(service, "topic:news.headlines", MessageKind.Update, Bodies.Update("news.headlines", []), FrameFlags.Ephemeral);
        Assert.Equal(ErrorCode.BadFlags, Refusal().Code);
        Publish(service, "nothing:x", MessageKind.Update, Bodies.Update("news.headlines", []), FrameFlags.AckWanted);
        Assert.Equal(ErrorCode.BadChannelName, Refusal().Code);
    }

    public void Dispose() => _bench.Dispose();

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static (ErrorCode Code, ulong? Number) Decode(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        return (error.Code, error.Number);
    }

    private static byte[] Error(ErrorCode code)
    {
        byte[] body = new byte[64];
        Assert.True(new ErrorBody { Code = code, Text = "no"u8 }.TryEncode(body, out int bytes));
        return body[..bytes];
    }

    private EdgeSession Registered(out uint correlation)
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        Say(session, FrameType.Register, Bodies.News());
        correlation = _correlation;
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Registered, Correlation = correlation, Body = [0x92, 0xa0, 1] });
        _bench.CompleteAll();
        return session;
    }

    private EdgeSession Joined(string channel = Room)
    {
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, channel);
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
        _bench.Opened(channel, 1, 0);
        Assert.NotEmpty(session.Memberships);
        Assert.True(session.Memberships[0].IsJoined);
        Effects.Upstream.Clear();
        return session;
    }

    private void Say(EdgeSession session, FrameType type, byte[] body)
    {
        Effects.Upstream.Clear();
        _bench.Core.Frames(session, ClientFrames.Frame(type, FrameFlags.None, ++_correlation, body), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
    }

    private void Text(EdgeSession session, string text, FrameFlags flags) => Publish(session, Room, MessageKind.Text, Encoding.UTF8.GetBytes(text), flags);

    private void Control(EdgeSession session, string channel, RoomControl control) => Publish(session, channel, MessageKind.Control, control.Encode(), FrameFlags.AckWanted);

    private void Publish(EdgeSession session, string channel, MessageKind kind, byte[] payload, FrameFlags flags)
    {
        byte[] name = Encoding.UTF8.GetBytes(channel);
        byte[] body = new byte[PublishBody.OverheadBytesMax + name.Length + payload.Length];
        Assert.True(new PublishBody { Channel = name, ProducerId = 7, Number = 5, Kind = kind, Payload = payload }.TryEncode(body, out int bytes));
        Effects.Upstream.Clear();
        _bench.Core.Frames(session, ClientFrames.Frame(FrameType.Publish, flags, ++_correlation, body.AsSpan(0, bytes)), _bench.Now);
        _bench.Core.Flush(_bench.Now);
    }

    private (ErrorCode Code, ulong? Number) Refusal() => Decode(Effects.Sent.Last(frame => frame.Type == FrameType.Error).Body);

    private List<(UpstreamKind Kind, uint Correlation, int BodyBytes, byte[] Body)> Records()
    {
        List<(UpstreamKind, uint, int, byte[])> records = [];
        foreach (byte[] message in Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                records.Add((record.Kind, record.Correlation, record.Body.Length, record.Body.ToArray()));
            }
        }

        return records;
    }
}
