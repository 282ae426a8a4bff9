using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>What an edge tells owners about the members of their rooms, and their questions and reactions.</summary>
public sealed class PresenceTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    public void Presence_MembersComeAndGo_ToldAtMostTwiceASecond()
    {
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        Settle();
        Assert.Equal(["Presence 0 [ 1 ] alice"], Told("Presence"));
        _room.Join("bob");
        _room.Join("bob");
        Settle();
        Assert.Single(Told("Presence"));
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal("Presence 0 [ 3 ] alice bob", Told("Presence")[^1]);
        _room.Bench.Leave(alice, SplitBench.Room);
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal("Presence 0 [ 2 ] bob", Told("Presence")[^1]);
    }

    [Fact]
    public void Presence_RoomIsSplit_ToldByPartition()
    {
        _room.Join(SplitBench.UserOf(0, 2));
        _room.Answer();
        _room.Join(SplitBench.UserOf(1, 2));
        _room.Join(SplitBench.UserOf(1, 2, 1));
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Bench.Now += 1000;
        _room.Send();
        Settle();
        Assert.StartsWith("Presence 1 [ 1 2 ] ", Told("Presence")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Presence_ManyMembers_AreNotNamed()
    {
        _room.Join("user-0");
        _room.Answer();
        for (int i = 1; i <= ProtocolLimits.MemberNamesMax; i++)
        {
            _room.Join($"user-{i}");
        }

        _room.Bench.Now += 1000;
        Settle();
        Assert.Equal($"Presence 0 [ {ProtocolLimits.MemberNamesMax + 1} ] nobody named", Told("Presence")[^1]);
    }

    [Fact]
    public void Presence_InterestIsRepeated_ToldAgain()
    {
        _room.Join("alice");
        _room.Answer();
        Settle();
        _room.Bench.Link++;
        _room.Send();
        Settle();
        Assert.InRange(Told("Presence").Count, 2, 3);
        Assert.All(Told("Presence"), told => Assert.Equal("Presence 0 [ 1 ] alice", told));
    }

    [Fact]
    public void Census_OfARoom_IsAnsweredWithItsMembersByBucket()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Join("alice");
        _room.Join("bob");
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Census, Channel = "room"u8, Ticket = 42 });
        Settle();
        (int Bucket, int Members)[] expected = [(MemberBucket.Of("alice"u8), 2), (MemberBucket.Of("bob"u8), 1)];
        string buckets = string.Join(' ', expected.OrderBy(pair => pair.Bucket).Select(pair => $"{pair.Bucket}:{pair.Members}"));
        Assert.Equal([$"Census 42 {buckets}"], Told("Census"));
    }

    [Fact]
    public void React_ManyTimes_IsSummedAndSentFourTimesASecond()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        EdgeSession bob = _room.Join("bob");
        React(alice, 0, 5);
        Settle();
        for (int i = 0; i < 10; i++)
        {
            React(i % 2 == 0 ? alice : bob, (byte)(i % 3), 10);
            Settle();
        }

        Assert.Equal(["Reactions 0:5"], Told("Reactions"));
        _room.Bench.Now += 250;
        Settle();
        Assert.Equal(["Reactions 0:5", "Reactions 0:40 1:30 2:30"], Told("Reactions"));
        _room.Bench.Now += 250;
        Settle();
        Assert.Equal(2, Told("Reactions").Count);
    }

    [Fact]
    public void React_WithoutARightToIt_IsRefused()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession stranger = _room.SignIn("bob");
        React(stranger, 0, 1);
        Assert.Equal("NotJoined", _room.Story(stranger));
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        for (int i = 0; i < 21; i++)
        {
            React(alice, 0, 1);
        }

        Assert.EndsWith("RateLimited", _room.Story(alice), StringComparison.Ordinal);
        Settle();
        Assert.Equal(["Reactions 0:20"], Told("Reactions"));
        _room.Bench.Capabilities = Capabilities.None;
        EdgeSession old = _room.SignIn("old");
        React(old, 0, 1);
        Assert.Equal([(old.Id, ErrorCode.UnknownFrameType)], _room.Effects.Closed);
    }

    [Fact]
    public void Query_AnsweredTwice_GoesOutOnce()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        _room.Send();
        EdgeSession alice = _room.SignIn("alice", Role.Service);
        Query(alice, 5, QueryKind.Status, "room");
        Settle();
        Assert.Equal(["Query alice role 3"], Told("Query"));
        Answer(alice, 5);
        Answer(alice, 5);
        Assert.Equal("Answer", _room.Story(alice));
        _room.Bench.Now += 60_000;
        _room.Bench.Core.Tick(_room.Bench.Now);
        Assert.Equal("Answer", _room.Story(alice));
    }

    [Fact]
    public void Query_WithoutAnswer_IsUnavailable()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession alice = _room.SignIn("alice");
        Query(alice, 5, QueryKind.Rooms, "");
        Query(alice, 6, (QueryKind)9, "room");
        Query(alice, 7, QueryKind.Members, "");
        Assert.Equal("BadArgument, BadChannelName", _room.Story(alice));
        _room.Bench.Now += 10_000;
        _room.Bench.Core.Tick(_room.Bench.Now);
        Assert.Equal("BadArgument, BadChannelName, Unavailable", _room.Story(alice));
        Answer(alice, 5);
        Assert.Equal("BadArgument, BadChannelName, Unavailable", _room.Story(alice));
    }

    [Fact]
    public void Publish_Control_NeedsNoMembershipAndCarriesTheRole()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        _room.Send();
        EdgeSession boss = _room.SignIn("boss", Role.Operator);
        _room.Bench.Core.Frames(boss, ClientFrames.Control(3, "room", 7, 1, RoomControl.Merge().Encode()), _room.Bench.Now);
        Settle();
        Assert.Equal(["Publish boss role 6"], Told("Publish"));
        Assert.Empty(_room.Story(boss));
        _room.Bench.Capabilities = Capabilities.None;
        EdgeSession old = _room.SignIn("old");
        _room.Bench.Core.Frames(old, ClientFrames.Control(3, "room", 7, 1, RoomControl.Merge().Encode()), _room.Bench.Now);
        Assert.Equal([(old.Id, ErrorCode.MalformedBody)], _room.Effects.Closed);
    }

    public void Dispose() => _room.Dispose();

    private List<string> Told(string kind) => [.. UpstreamRecords.Of(_room.Effects.Upstream).Where(record => record.StartsWith(kind, StringComparison.Ordinal))];

    // The master has what was sent, so that what has gathered goes.
    private void Settle()
    {
        _room.Bench.Core.Flush(_room.Bench.Now);
        _room.Bench.ReceiveAll();
    }

    private void React(EdgeSession session, byte reaction, byte count)
    {
        var body = new byte[64];
        new ReactBody { Channel = "room"u8, Reaction = reaction, Count = count }.TryEncode(body, out int bytes);
        _room.Bench.Core.Frames(session, ClientFrames.Frame(FrameType.React, FrameFlags.None, 1, body.AsSpan(0, bytes)), _room.Bench.Now);
    }

    private void Query(EdgeSession session, uint correlation, QueryKind what, string channel)
    {
        var body = new byte[64];
        new QueryBody { What = what, Channel = System.Text.Encoding.UTF8.GetBytes(channel) }.TryEncode(body, out int bytes);
        _room.Bench.Core.Frames(session, ClientFrames.Frame(FrameType.Query, FrameFlags.None, correlation, body.AsSpan(0, bytes)), _room.Bench.Now);
    }

    private void Answer(EdgeSession session, uint correlation) =>
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Answer, Session = session.Id, Correlation = correlation, Body = new byte[] { 1 } });
}
