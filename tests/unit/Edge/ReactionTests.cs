using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>Reactions are summed by room, go upstream four times a second, and come back as one frame for each member.</summary>
public sealed class ReactionTests : IDisposable
{
    private readonly SplitBench _room = new();

    public ReactionTests() => _room.Bench.Capabilities = Capabilities.Ephemeral | Capabilities.Rooms;

    private EdgeBench Bench => _room.Bench;

    [Theory]
    [InlineData(FrameFlags.AckWanted, 0, 1, ErrorCode.BadFlags)]
    [InlineData(FrameFlags.None, 32, 1, ErrorCode.MalformedBody)]
    [InlineData(FrameFlags.None, 0, 101, ErrorCode.MalformedBody)]
    public void React_BreaksTheProtocol_Closed(FrameFlags flags, byte reaction, byte count, ErrorCode code)
    {
        EdgeSession alice = Member("alice");
        byte[] frame = ClientFrames.React(1, SplitBench.Room, reaction, count);
        Bench.Core.Frames(alice, ClientFrames.Frame(FrameType.React, flags, 1, frame.AsSpan(FrameHeader.SizeBytes)), Bench.Now);
        Assert.Equal([(alice.Id, code)], _room.Effects.Closed);
    }

    [Fact]
    [Trait("Must", "R-REACT-3")]
    public void React_NoMember_NotJoined()
    {
        Member("alice");
        EdgeSession stranger = _room.SignIn("bob");
        Bench.Core.Frames(stranger, ClientFrames.React(42, SplitBench.Room, 0, 1), Bench.Now);
        (_, FrameType type, byte[] body, uint correlation) = Assert.Single(_room.Effects.Sent, sent => sent.Session == stranger.Id);
        Assert.Equal((FrameType.Error, 42U), (type, correlation));
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        Assert.Equal((ErrorCode.NotJoined, null), (error.Code, error.Number));
        Assert.Equal("room"u8, error.Channel);
        Assert.Empty(Sums());
    }

    [Theory]
    [InlineData("mute", ErrorCode.Muted)]
    [InlineData("create", ErrorCode.NotOpen)]
    [InlineData("end", ErrorCode.NotOpen)]
    [Trait("Must", "R-LIFE-1")]
    [Trait("Must", "R-MUTE-1")]
    public void React_RoomDoesNotLetIt_Refused(string what, ErrorCode code)
    {
        EdgeSession bob = Member("bob");
        Control(RoomControl.Create("title", "", 0));
        if (what != "create")
        {
            Control(RoomControl.Start());
            Control(what == "mute" ? RoomControl.Mute("bob", 60) : RoomControl.End());
        }

        _room.PutState();
        _room.Send();
        React(bob, 0, 1);
        Assert.Equal([code], Errors(bob));
        Assert.Empty(Sums());
    }

    [Fact]
    public void React_Viewer_MayAndNobodyIsAnswered()
    {
        EdgeSession alice = _room.SignIn("alice", Role.Viewer);
        Bench.Join(alice, SplitBench.Room);
        _room.Answer();
        int sent = _room.Effects.Sent.Count;
        React(alice, 0, 25);
        Assert.Equal(["Reactions 0:25"], Sums());
        Assert.Equal(sent, _room.Effects.Sent.Count);
    }

    [Fact]
    [Trait("Must", "R-REACT-1")]
    public void React_SeveralMembers_OneSumAQuarterAndNoneWithoutAny()
    {
        EdgeSession alice = Member("alice");
        EdgeSession bob = _room.Join("bob");
        for (int i = 0; i < 10; i++)
        {
            React(i % 2 == 0 ? alice : bob, (byte)(i % 3), 5);
        }

        Assert.Equal(["Reactions 0:20 1:15 2:15"], Sums());
        Assert.Single(Sums());
        React(bob, 31, 0);
        Assert.Single(Sums());
        React(bob, 31, 24);
        Assert.Equal("Reactions 31:24", Sums()[^1]);
        Assert.Equal(74, Bench.Counters.Reactions);
    }

    [Fact]
    [Trait("Must", "R-REACT-3")]
    public void React_AboveTheLimit_DroppedAndSaidOnceASecond()
    {
        EdgeSession alice = Member("alice");
        React(alice, 0, 50);
        for (int i = 0; i < 19; i++)
        {
            React(alice, 0, 10);
            Bench.Now += 50;
        }

        Assert.Equal([ErrorCode.RateLimited], Errors(alice));
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(_room.Effects.Received[alice.Id][^1].Body, out ErrorBody error));
        Assert.Equal(1000U, error.RetryAfterMilliseconds);
        Bench.Now += 50;
        React(alice, 0, 50);
        Assert.Single(Errors(alice));
        React(alice, 0, 1);
        Assert.Equal(2, Errors(alice).Count);
        Assert.Equal(["Reactions 0:100"], Sums());
        Assert.Equal((100, 191), (Bench.Counters.Reactions, Bench.Counters.ReactionsDropped));
    }

    [Fact]
    public void React_RefusedForMore_CountsAgainstTheLimit()
    {
        EdgeSession stranger = _room.SignIn("bob");
        for (int i = 0; i < 200; i++)
        {
            React(stranger, 0, 0);
        }

        Assert.Equal(50, Errors(stranger).Count(code => code == ErrorCode.NotJoined));
        Assert.Equal(51, Errors(stranger).Count);
    }

    [Fact]
    [Trait("Must", "R-REACT-1")]
    public void React_RelaysAreLost_SumIsNotSentAgain()
    {
        EdgeSession alice = Member("alice");
        React(alice, 0, 25);
        Assert.Single(Sums());
        Bench.LoseRelay();
        Bench.ReceiveAll();
        Assert.Single(Sums());
    }

    [Fact]
    public void React_OwnerIsNotThere_DroppedAndNothingIsRepeatedForIt()
    {
        EdgeSession alice = Member("alice");
        Bench.Core.SlotsChanged([], Bench.Now);
        React(alice, 0, 25);
        Bench.Core.TickQuarter(Bench.Now);
        Assert.Equal(0, Bench.Core.HeldBytes);
        Bench.OwnSlots(2);
        Assert.Empty(Sums());
    }

    [Fact]
    public void React_AllHaveLeft_NothingIsSent()
    {
        EdgeSession alice = Member("alice");
        React(alice, 0, 25);
        Bench.Leave(alice, SplitBench.Room);
        Assert.Empty(Sums());
    }

    [Fact]
    [Trait("Must", "R-REACT-2")]
    public void React_OneMillionInAMinute_CostsTheMasterAndEachMemberFourFramesASecond()
    {
        const int Sessions = 1000;
        const int ReactionsEach = 1000;
        const int QuartersPerMinute = 240;
        const byte Count = 10;
        EdgeSession[] sessions = [.. Enumerable.Range(0, Sessions).Select(i => _room.Join($"user-{i}"))];
        _room.Answer();
        Dictionary<ulong, int> before = _room.Effects.Received.ToDictionary(received => received.Key, received => received.Value.Count);
        int[] given = new int[Sessions];
        for (int quarter = 0; quarter < QuartersPerMinute; quarter++)
        {
            for (int i = 0; i < Sessions; i++)
            {
                // Everybody at a time of his own, some twice in a quarter of a second.
                while (given[i] < ReactionsEach && given[i] * QuartersPerMinute <= (quarter + (i % 3)) * ReactionsEach)
                {
                    Bench.Core.Frames(sessions[i], ClientFrames.React(1, SplitBench.Room, (byte)(i % 4), Count), Bench.Now);
                    given[i] += Count;
                }
            }

            Bench.Now += 250;
            Bench.Core.TickQuarter(Bench.Now);
            Bench.ReceiveAll();
            Push();
        }

        List<string> sums = Sums();
        Assert.InRange(sums.Count, QuartersPerMinute / 2, QuartersPerMinute);
        Assert.Equal(Sessions * ReactionsEach, sums.Sum(sum => sum.Split(' ').Skip(1).Sum(pair => int.Parse(pair.Split(':')[1], null))));
        Assert.All(sessions, session => Assert.Equal(QuartersPerMinute, _room.Effects.Received[session.Id].Count - before[session.Id]));
    }

    public void Dispose() => _room.Dispose();

    private void Push()
    {
        var body = new byte[64];
        new ReactionsBody { Channel = "room"u8, Reactions = new EncodedList<ReactionCount>([0, 10], 1) }.TryEncode(body, out int bytes);
        Bench.Relay(new RelayRecord { Kind = RelayKind.Push, Channel = "room"u8, FrameType = FrameType.Reactions, Body = body.AsSpan(0, bytes) });
    }

    private EdgeSession Member(string user)
    {
        EdgeSession session = _room.Join(user);
        _room.Answer();
        return session;
    }

    private void React(EdgeSession session, byte reaction, byte count) =>
        Bench.Core.Frames(session, ClientFrames.React(1, SplitBench.Room, reaction, count), Bench.Now);

    private void Control(RoomControl control) => Assert.Null(_room.State.Apply(control, "boss"u8, Role.Operator, Bench.Now));

    // What went upstream so far, with what is summed by now.
    private List<string> Sums()
    {
        Bench.Core.TickQuarter(Bench.Now);
        Bench.ReceiveAll();
        return [.. UpstreamRecords.Of(_room.Effects.Upstream).Where(record => record.StartsWith("Reactions", StringComparison.Ordinal))];
    }

    private List<ErrorCode> Errors(EdgeSession session)
    {
        var codes = new List<ErrorCode>();
        foreach ((FrameType type, byte[] body) in _room.Effects.Received.GetValueOrDefault(session.Id) ?? [])
        {
            if (type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                codes.Add(error.Code);
            }
        }

        return codes;
    }
}
