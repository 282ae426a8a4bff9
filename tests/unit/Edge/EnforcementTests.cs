using System.Net;
using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>When the members of a room are checked against its state: each time that they must be, and no other.</summary>
public sealed class EnforcementTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    public void Room_ChangesThatBanNobody_MembersAreNotChecked()
    {
        _room.Join("bob");
        Control(RoomControl.Ban("dave", 60));
        Control(RoomControl.BanAddress("203.0.113.0/24", 60));
        _room.Answer();
        long before = _room.Bench.Counters.Enforcements;
        foreach (RoomControl control in (RoomControl[])
            [
                RoomControl.Notice("hello"), RoomControl.Mute("bob", 60), RoomControl.Set(RoomSetting.SlowModeMilliseconds, 1000), RoomControl.Delete("bob", 7, 1),
                RoomControl.Invite("news"), RoomControl.Invite("news", isInvited: false),
            ])
        {
            Tell(control);
        }

        Assert.Equal(before, _room.Bench.Counters.Enforcements);
        Assert.Equal(8UL, _room.State.Version);
    }

    [Fact]
    public void Room_NewBanOrRole_MembersAreCheckedOnceForEach()
    {
        _room.Join("bob");
        Control(RoomControl.Create("title", "", 0), "owner");
        _room.Answer();
        long before = _room.Bench.Counters.Enforcements;
        foreach (RoomControl control in (RoomControl[])
            [RoomControl.Ban("dave", 60), RoomControl.Ban("dave", 600), RoomControl.BanAddress("203.0.113.0/24", 60), RoomControl.Appoint("carol", Role.Moderator)])
        {
            Tell(control);
            _room.PutState();
            _room.Send();
            Assert.Equal(++before, _room.Bench.Counters.Enforcements);
        }
    }

    [Fact]
    public void Room_BanIsLiftedOrHasEnded_MembersAreNotChecked()
    {
        _room.Join("bob");
        Control(RoomControl.Ban("dave", 60));
        Control(RoomControl.Ban("erin", 1));
        _room.Answer();
        long before = _room.Bench.Counters.Enforcements;
        Tell(RoomControl.Ban("dave", 0));
        _room.Bench.Now += 2000;
        Tell(RoomControl.Notice("erin may come back"));
        Assert.Empty(_room.State.Bans);
        Assert.Equal(before, _room.Bench.Counters.Enforcements);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("address")]
    public void Room_StoreLostABanAndTheNextOneHasItsVersion_IsEnforced(string what)
    {
        _room.Bench.Address = IPAddress.Parse("203.0.113.7");
        EdgeSession carol = _room.Join("carol");
        Control(RoomControl.Notice("hello"));
        _room.Answer();
        RoomState saved = _room.SaveState();
        Tell(RoomControl.Ban("dave", 60));
        _room.LoseTail(saved, 0);
        Control(what == "user" ? RoomControl.Ban("carol", 60) : RoomControl.BanAddress("203.0.113.0/24", 60));
        Assert.Equal(2UL, _room.State.Version);
        _room.Answer();
        Assert.Equal("joined 0/0/0, Left", _room.Story(carol));
    }

    [Fact]
    public void Room_StoreLostAChangeAndTheNextOneHasItsVersion_MembersAreTold()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession carol = _room.Join("carol");
        Control(RoomControl.Notice("one"));
        _room.Answer();
        RoomState saved = _room.SaveState();
        _room.Bench.Now += 1000;
        Tell(RoomControl.Notice("two"));
        _room.LoseTail(saved, 0);
        _room.Bench.Now += 1000;
        Control(RoomControl.Notice("three"));
        _room.Answer();
        _room.Bench.Link++;
        _room.Answer();
        Assert.Equal(["one", "two", "three"], Notices(carol));
    }

    [Fact]
    public void Deleted_InTheRelayThatBringsTheMessage_IsNotInTheMemoryForJoins()
    {
        _room.Join("bob");
        _room.Answer();
        _room.Say(0, 2);
        Control(RoomControl.Delete("alice", 7, 2));
        _room.PutState();
        _room.Send();
        EdgeSession carol = _room.Join("carol", JoinStart.LastMessages, 2);
        Assert.Empty(_room.Effects.Reads);
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2x", _room.Story(carol));
    }

    [Fact]
    public void Address_IPv4SeenThroughAnIPv6Socket_IsIPv4()
    {
        Assert.Equal(IPAddress.Parse("203.0.113.7"), new EdgeSession(1, []) { Address = IPAddress.Parse("::ffff:203.0.113.7") }.Address);
        Assert.Equal(IPAddress.Parse("2001:db8::7"), new EdgeSession(1, []) { Address = IPAddress.Parse("2001:db8::7") }.Address);
        Assert.Null(new EdgeSession(1, []).Address);
    }

    [Fact]
    public void Room_StoreLostAllThatWasSetThere_WhoWasAppointedObservesNoLonger()
    {
        Control(RoomControl.Create("title", "", 0), "carol");
        _room.Answer();
        EdgeSession carol = _room.Observe("carol", Role.None, JoinStart.Live, 0);
        _room.Answer();
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Send();
        _room.Run();
        _room.LoseTail(new RoomState(), 0);
        _room.Answer();
        _room.Run();
        Control(RoomControl.Notice("we lost some of our memory"), "boss");
        _room.PutState();
        _room.Send();
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Send();
        _room.Run();
        _room.Say(0);
        _room.Say(1);
        _room.Send();
        _room.Run();
        string story = _room.Story(carol);
        Assert.NotEqual(story.Contains("1/0/2", StringComparison.Ordinal), story.Contains("1/1/2", StringComparison.Ordinal));
    }

    public void Dispose() => _room.Dispose();

    private List<string> Notices(EdgeSession session)
    {
        var notices = new List<string>();
        foreach ((_, byte[] body) in _room.Effects.Received[session.Id].Where(frame => frame.Type == FrameType.Room))
        {
            Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeRoom(body, out StatusBody status));
            notices.Add(Encoding.UTF8.GetString(status.Notice));
        }

        return notices;
    }

    private void Tell(RoomControl control)
    {
        Control(control);
        _room.PutState();
        _room.Send();
    }

    private void Control(RoomControl control, string actor = "boss") =>
        Assert.Null(_room.State.Apply(control, Encoding.UTF8.GetBytes(actor), actor == "boss" ? Role.Operator : Role.Member, _room.Bench.Now));
}
