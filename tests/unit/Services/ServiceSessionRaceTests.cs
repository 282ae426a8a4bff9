using System.Text;
using RelayServer.Edge.Services;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>Services at an edge that say too much, at the wrong time, or are gone without the owner's knowing; and lines that are long.</summary>
public sealed class ServiceSessionRaceTests : IDisposable
{
    private const string Room = "room";

    private readonly EdgeBench _bench = new() { Capabilities = Capabilities.Rooms | Capabilities.Services };
    private uint _correlation;

    public ServiceSessionRaceTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
    }

    [Fact]
    [Trait("Must", "R-SVC-3")]
    [Trait("Must", "R-SVC-5")]
    public void Register_AgainBeforeTheAnswer_BothAreAnsweredOnce()
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        Say(session, FrameType.Register, Bodies.News());
        Say(session, FrameType.Register, Bodies.News(title: "More"));
        Assert.Equal((ErrorCode.Overloaded, 2U), Refusal());
        Registered(session, 1);
        Assert.Equal([1U], Answers(FrameType.Registered));
    }

    [Fact]
    [Trait("Must", "R-SVC-5")]
    public void Register_OverAndOver_IsRateLimited()
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        for (uint i = 1; i <= Registrations.BurstMax; i++)
        {
            Say(session, FrameType.Register, Bodies.News());
            Registered(session, i);
        }

        Say(session, FrameType.Register, Bodies.News());
        Assert.Equal((ErrorCode.RateLimited, _correlation), Refusal());
        _bench.Now += 1000;
        for (int i = 1; i <= Registrations.RegistersPerSecondMax; i++)
        {
            Say(session, FrameType.Register, Bodies.News());
            Registered(session, _correlation);
        }

        Assert.Contains(_correlation, Answers(FrameType.Registered));
        Say(session, FrameType.Register, Bodies.News());
        Assert.Equal((ErrorCode.RateLimited, _correlation), Refusal());
    }

    [Fact]
    [Trait("Must", "R-CMD-12")]
    public void Return_MoreThanThereWereCalls_IsRefusedAndTheOwnerNotAsked()
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        Say(session, FrameType.Register, Bodies.News());
        Registered(session, 1);
        Frame(session.Id, FrameType.Call);
        Say(session, FrameType.Return, Bodies.Return(1));
        Assert.Single(Records(), record => record.Kind == UpstreamKind.Return);
        Say(session, FrameType.Return, Bodies.Return(1));
        Assert.DoesNotContain(Records(), record => record.Kind == UpstreamKind.Return);
        Assert.Equal((ErrorCode.DeadlinePassed, _correlation), Refusal());
    }

    [Fact]
    public void Register_MoreOfOneServiceThanItsShare_IsRefusedAndOthersAreTaken()
    {
        for (int i = 0; i < Registrations.SessionsPerServiceMax; i++)
        {
            Say(_bench.SignIn("bot", Role.Service, "news"), FrameType.Register, Bodies.News());
        }

        Say(_bench.SignIn("bot", Role.Service, "shop"), FrameType.Register, Bodies.News("shop"));
        Assert.DoesNotContain(_bench.Effects.Sent, frame => frame.Type == FrameType.Error);
        Say(_bench.SignIn("bot", Role.Service, "news"), FrameType.Register, Bodies.News());
        Assert.Equal(ErrorCode.Overloaded, Refusal().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-2")]
    public void Command_OfAService_IsForbidden()
    {
        Say(_bench.SignIn("bot", Role.Service, "shop"), FrameType.Command, Bodies.Command("news", "share", ["friends"], item: "item-1"));
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
        Assert.DoesNotContain(Records(), record => record.Kind == UpstreamKind.Command);
    }

    [Fact]
    public void Return_ManyThatWereSavedUpWhileTheMastersAreBehind_AreHeldUpToTheBoundAndMayComeAgain()
    {
        using var bench = new EdgeBench(options => options.UpstreamBytesMax = 64 * 1024) { Capabilities = Capabilities.Rooms | Capabilities.Services };
        bench.OwnSlots();
        bench.Relay(Array.Empty<byte[]>());
        EdgeSession session = bench.SignIn("bot", Role.Service, "news");
        bench.Core.Frames(session, ClientFrames.Frame(FrameType.Register, FrameFlags.None, 1, Bodies.News()), bench.Now);
        for (int i = 0; i < 100; i++)
        {
            bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Call, Body = [0x92, 0xa0, 1] });
        }

        for (uint i = 1; i <= 100; i++)
        {
            bench.Core.Frames(session, ClientFrames.Frame(FrameType.Return, FrameFlags.None, i + 1, Bodies.Return(i, new string('a', 4000))), bench.Now);
        }

        int refused = bench.Effects.Sent.Count(frame => frame.Type == FrameType.Error);
        Assert.InRange(refused, 100 - (64 * 1024 / 4000), 99);
        bench.Core.Flush(bench.Now);
        bench.CompleteAll();
        bench.Core.Flush(bench.Now);
        bench.CompleteAll();
        bench.Core.Frames(session, ClientFrames.Frame(FrameType.Return, FrameFlags.None, 200, Bodies.Return(100)), bench.Now);
        Assert.Equal(refused, bench.Effects.Sent.Count(frame => frame.Type == FrameType.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_SessionIsNoInstance_OwnerIsToldAtOnce(bool isThere)
    {
        ulong session = isThere ? _bench.SignIn("bot", Role.Service, "news").Id : 99;
        _bench.Effects.Upstream.Clear();
        Frame(session, FrameType.Call);
        _bench.Core.Flush(_bench.Now);
        Assert.Equal([(UpstreamKind.Register, session, 0)], Records().Select(record => (record.Kind, record.Session, record.Body.Length)));
    }

    [Theory]
    [InlineData('a', 3900)]
    [InlineData('é', 1900)]
    [Trait("Must", "R-LINE-4")]
    public void Line_LongerThanAnArgument_ReachesTheOwnerWhole(char letter, int count)
    {
        EdgeSession session = Joined();
        string rest = new(letter, count);
        byte[] body = new byte[8 * 1024];
        Assert.True(new PublishBody { Channel = Bodies.Utf8(Room), ProducerId = 7, Number = 5, Kind = MessageKind.Text, Payload = Bodies.Utf8("/news say " + rest) }
            .TryEncode(body, out int bytes));
        Say(session, FrameType.Publish, body[..bytes]);
        var record = Records().Single(record => record.Kind == UpstreamKind.Command);
        Assert.Equal(DecodeStatus.Ok, CommandBody.TryDecode(record.Body, out CommandBody command));
        var whole = new StringBuilder();
        foreach (CommandArgument argument in command.Arguments)
        {
            whole.Append(Encoding.UTF8.GetString(argument.Value));
        }

        Assert.Equal(rest, whole.ToString());
    }

    public void Dispose() => _bench.Dispose();

    private EdgeSession Joined()
    {
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, Room);
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
        _bench.Opened(Room, 1, 0);
        return session;
    }

    private void Say(EdgeSession session, FrameType type, byte[] body)
    {
        _bench.Effects.Upstream.Clear();
        _bench.Core.Frames(session, ClientFrames.Frame(type, FrameFlags.None, ++_correlation, body), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
    }

    private void Registered(EdgeSession session, uint correlation) => Frame(session.Id, FrameType.Registered, correlation);

    private void Frame(ulong session, FrameType type, uint correlation = 0) =>
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session, FrameType = type, Correlation = correlation, Body = [0x92, 0xa0, 1] });

    private List<uint> Answers(FrameType type) => [.. _bench.Effects.Sent.Where(frame => frame.Type == type).Select(frame => frame.Correlation)];

    private (ErrorCode Code, uint Correlation) Refusal()
    {
        var frame = _bench.Effects.Sent.Last(frame => frame.Type == FrameType.Error);
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(frame.Body, out ErrorBody error));
        return (error.Code, frame.Correlation);
    }

    private List<(UpstreamKind Kind, ulong Session, byte[] Body)> Records()
    {
        List<(UpstreamKind, ulong, byte[])> records = [];
        foreach (byte[] message in _bench.Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                records.Add((record.Kind, record.Session, record.Body.ToArray()));
            }
        }

        return records;
    }
}
