using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Services;

/// <summary>What the specification says of commands beyond that they are done: the order of refusals, help, what a service is told, and what callers are.</summary>
public sealed class CommandRuleTests : IDisposable
{
    private const string Room = ServiceBench.Room;

    private readonly ServiceBench _bench = new();

    [Theory]
    [InlineData("weather", "fly", "many,more", "", ErrorCode.UnknownService)]
    [InlineData("news", "fly", "many,more", "", ErrorCode.UnknownVerb)]
    [InlineData("news", "comment", "", "", ErrorCode.BadArgument)]
    [InlineData("news", "comment", "fine", "item-1", ErrorCode.Forbidden)]
    [Trait("Must", "R-CMD-2")]
    public void Command_WrongInSeveralWays_IsRefusedForTheFirst(string service, string verb, string arguments, string item, ErrorCode code)
    {
        Give(Bodies.Command(service, verb, arguments.Split(',', StringSplitOptions.RemoveEmptyEntries), Room, item));
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Assert.Equal(code, _bench.Outcome().Code);
    }

    [Theory]
    [InlineData("", "help", "news", "/news latest [COUNT]  what it does")]
    [InlineData("", "help", "news latest", "  COUNT  what it is (may be left out)")]
    [InlineData("news", "help", "latest", "  COUNT  what it is (may be left out)")]
    [InlineData("news", "help", "fly", "/news latest [COUNT]  what it does")]
    [Trait("Must", "R-CMD-17")]
    public void Help_OfOne_TellsOfIt(string service, string verb, string words, string line)
    {
        foreach (bool isLine in new[] { false, true })
        {
            _bench.Users.Command(Bodies.Command(service, verb, isLine ? [words] : words.Split(' '), number: isLine ? 2UL : 1), isLine: isLine);
            _bench.Settle();
            Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
            (ErrorCode code, string text) = _bench.Outcome();
            Assert.Equal(ErrorCode.None, code);
            Assert.Contains(line, text.Split('\n'));
        }
    }

    [Fact]
    public void Help_OfAServiceThatThereIsNot_IsRefused()
    {
        Give(Bodies.Command("", "help", ["weather"]));
        Assert.Equal(ErrorCode.UnknownService, _bench.Outcome().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-19")]
    public void Call_InARoomAfterASecond_TellsTheRoleThereAndTheTimeThatIsLeft()
    {
        _bench.Change("own", RoomControl.Create("Own"), user: "alice", role: Role.Member);
        _bench.Services.Register("news", [], session: 50);
        _bench.Settle();
        _bench.Users.Command(Bodies.Command("news", "latest", [], "own"), role: Role.Member);
        _bench.Pass(1000);
        _bench.Services.Register("news", Bodies.News(), session: 51);
        _bench.Settle();
        byte[] body = _bench.Told.SelectMany(relay => relay.Frames).Single(frame => frame.Type == FrameType.Call).Body;
        Assert.Equal(DecodeStatus.Ok, CallBody.TryDecode(body, out CallBody call));
        Assert.Equal((byte)Role.Host, call.Role);
        Assert.Equal(ServiceProfile.DeadlineMillisecondsDefault - 1000, call.DeadlineMilliseconds);
    }

    [Fact]
    [Trait("Must", "R-CMD-14")]
    public void Return_OfAVerbThatAnswersTheCaller_IsInNoLog()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        int before = _bench.Messages(Room).Count;
        Give(Bodies.Command("news", "latest", [], Room));
        _bench.Services.Return("news", Bodies.Return(_bench.Call().Ticket, "three items", item: "item-1"));
        _bench.Settle();
        byte[] answer = Assert.Single(_bench.Told.SelectMany(relay => relay.Outcomes)).Body;
        Assert.Equal(DecodeStatus.Ok, ResultBody.TryDecode(answer, out ResultBody result));
        Assert.Equal(("three items", true, "item-1", Room), (Text(result.Text), result.HasCard, Text(result.Card.Item), Text(result.Channel)));
        Assert.Equal(before, _bench.Messages(Room).Count);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("item\u0007", "")]
    [InlineData("item-1", "javascript:alert(1)")]
    [Trait("Must", "R-CMD-13")]
    public void Return_CardThatIsNotAllowed_FailsTheCommandAndTellsTheService(string item, string link)
    {
        Give(Bodies.Command("news", "latest", []));
        _bench.Services.Return("news", Bodies.Return(_bench.Call().Ticket, item: item, link: link));
        _bench.Settle();
        byte[] error = Assert.Single(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Error).Body;
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(error, out ErrorBody refusal));
        Assert.Equal(ErrorCode.BadArgument, refusal.Code);
        Assert.Equal(ErrorCode.InternalError, _bench.Outcome().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-13")]
    public void Return_RefusedAtLength_IsCutBetweenCharacters()
    {
        Give(Bodies.Command("news", "latest", []));
        _bench.Services.Return("news", Bodies.Return(_bench.Call().Ticket, "a" + new string('é', 1000), ReturnStatus.Refused));
        _bench.Settle();
        (ErrorCode code, string text) = _bench.Outcome();
        Assert.Equal(ErrorCode.CommandRefused, code);
        Assert.Equal("a" + new string('é', 254) + "...", text);
        Assert.Equal(ProtocolLimits.TextBytesMax, Encoding.UTF8.GetByteCount(text));
    }

    public void Dispose() => _bench.Dispose();

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private void Give(byte[] command)
    {
        _bench.Users.Command(command);
        _bench.Settle();
    }
}
