using System.Net;
using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>What follows at an edge from a room's state: who may be in it, what is gone, and what members are told.</summary>
public sealed class ModerationTests : IDisposable
{
    private readonly SplitBench _room = new();

    private RecordingEffects Effects => _room.Effects;

    [Theory]
    [InlineData("ban", "Banned")]
    [InlineData("kick", "Kicked")]
    [InlineData("address", "Banned")]
    [Trait("Must", "R-BAN-1")]
    [Trait("Must", "R-BAN-2")]
    [Trait("Must", "R-BAN-3")]
    public void Room_BansAPresentMember_ItIsOutAtOnceAndNotInAgain(string how, string code)
    {
        _room.Bench.Address = IPAddress.Parse("203.0.113.7");
        EdgeSession bob = _room.Join("bob");
        _room.Answer();
        _room.Bench.Address = null;
        EdgeSession alice = _room.Join("alice");
        Control(how switch
        {
            "ban" => RoomControl.Ban("bob", 60, ""),
            "kick" => RoomControl.Kick("bob", ""),
            _ => RoomControl.BanAddress("203.0.113.0/24", 60, ""),
        });
        _room.PutState();
        _room.Say(0);
        _room.Send();
        Assert.Equal("joined 0/0/0, Left", _room.Story(bob));
        Assert.Equal(DecodeStatus.Ok, LeftBody.TryDecode(Effects.Received[bob.Id][^1].Body, out LeftBody left));
        Assert.Equal(code, left.Code.ToString());
        Assert.Equal("joined 0/0/0, 0/0/1", _room.Story(alice));
        _room.Bench.Address = IPAddress.Parse("203.0.113.7");
        EdgeSession again = _room.Join("bob");
        Assert.Equal(code, _room.Story(again));
        if (how == "address")
        {
            Assert.Equal(code, _room.Story(_room.Join("carol")));
            EdgeSession boss = _room.SignIn("dora", Role.Operator);
            _room.Bench.Join(boss, SplitBench.Room);
            Assert.Equal("joined 0/0/1", _room.Story(boss));
            _room.Bench.Leave(boss, SplitBench.Room);
        }

        Assert.Single(Effects.Live);
    }

    [Fact]
    [Trait("Must", "R-BAN-1")]
    public void Room_BansEverybody_TheRestOfTheRelayIsForNobody()
    {
        EdgeSession bob = _room.Join("bob");
        _room.Answer();
        Control(RoomControl.Ban("bob", 60, ""));
        _room.PutState();
        _room.PutTop(RelayKind.Opened, _room.Top(0, 0));
        _room.Say(0);
        _room.Send();
        Assert.Equal("joined 0/0/0, Left", _room.Story(bob));
        Assert.Equal((0, 0), (_room.Bench.Core.ChannelCount, _room.Bench.Core.MembershipCount));
    }

    [Fact]
    [Trait("Must", "R-BAN-2")]
    public void Join_OfOneWhoIsBanned_IsRefusedBeforeAnythingIsSent()
    {
        Control(RoomControl.Ban("bob", 60, ""));
        EdgeSession bob = _room.Join("bob", JoinStart.LastMessages, 10);
        _room.Answer();
        Assert.Equal("Banned", _room.Story(bob));
        Assert.Empty(Effects.Reads);
        EdgeSession boss = _room.SignIn("bob", Role.Operator);
        _room.Bench.Join(boss, SplitBench.Room);
        _room.Answer();
        Assert.Equal("joined 0/0/0", _room.Story(boss));
    }

    [Fact]
    public void Join_RoleThatTheTableDoesNotHave_Forbidden()
    {
        EdgeSession odd = _room.SignIn("odd", Role.Operator + 1);
        _room.Bench.Join(odd, SplitBench.Room);
        _room.Answer();
        Assert.Equal("Forbidden", _room.Story(odd));
        Assert.Equal(0, _room.Bench.Core.MembershipCount);
    }

    [Fact]
    [Trait("Must", "R-BAN-3")]
    public void Frames_FromABannedRange_RoomWithMembersHere_RefusedAtOnce()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        _room.Join("alice");
        _room.Answer();
        Control(RoomControl.BanAddress("203.0.113.0/24", 60, ""));
        _room.PutState();
        _room.Send();
        _room.Bench.ReceiveAll();
        Effects.Upstream.Clear();
        _room.Bench.Address = IPAddress.Parse("203.0.113.7");
        EdgeSession bob = _room.SignIn("bob");
        SendAll(bob);
        Assert.Equal(["1 Banned 60000", "2 Banned 60000", "3 Banned 60000", "4 Banned 60000", "5 Banned 60000"], Errors(bob));
        Assert.Empty(UpstreamRecords.Of(Effects.Upstream));
        SendAll(_room.SignIn("root", Role.Operator));
        Assert.Equal(["Publish root role 6", "Query root role 6", "Query root role 6"], UpstreamRecords.Of(Effects.Upstream));
    }

    [Fact]
    public void Frames_RoomWithoutMembersHere_ItsOwnerIsToldTheAddress()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        _room.Bench.Address = IPAddress.Parse("203.0.113.7");
        SendAll(_room.SignIn("bob"));
        Assert.Equal(
            ["Publish bob role 0 from 203.0.113.7", "Query bob role 0 from 203.0.113.7", "Query bob role 0 from 203.0.113.7"],
            UpstreamRecords.Of(Effects.Upstream));
    }

    [Fact]
    [Trait("Must", "R-DEL-1")]
    public void Deleted_InHistory_MemoryAndRepairs_IsGone()
    {
        EdgeSession live = _room.Join("bob");
        _room.Answer();
        _room.Say(0, 3);
        _room.Send();
        Control(RoomControl.Delete("alice", 7, 2));
        _room.PutState();
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, 0/0/3", _room.Story(live));
        EdgeSession fromMemory = _room.Join("carol", JoinStart.LastMessages, 3);
        Assert.Empty(Effects.Reads);
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2x, 0/0/3", _room.Story(fromMemory));
        Assert.Equal([("alice", 7UL, 2UL, 0)], Deleted(fromMemory));
        EdgeSession fromLog = _room.Join("dave", JoinStart.Resume, position: new Position(0, 0, 1, 0));
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2x, 0/0/3", _room.Story(fromLog));
        Assert.Equal([("alice", 7UL, 2UL, 0)], Deleted(fromLog));
        _room.Say(0, isLost: true);
        Control(RoomControl.Delete("alice", 7, 4));
        _room.PutState();
        _room.Say(0);
        _room.Send();
        _room.Run();
        Assert.EndsWith("0/0/3, 0/0/4x, 0/0/5", _room.Story(live), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Must", "R-ROOM-1")]
    public void Room_Changes_MembersThatUnderstandItAreTold()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        _room.Bench.Capabilities = Capabilities.None;
        EdgeSession bob = _room.Join("bob");
        Control(RoomControl.Notice("hello"));
        _room.PutState();
        _room.Send();
        _room.PutState();
        _room.Send();
        Assert.Equal([FrameType.Joined, FrameType.Room, FrameType.Room], Effects.Received[alice.Id].Select(frame => frame.Type));
        Assert.Equal([FrameType.Joined], Effects.Received[bob.Id].Select(frame => frame.Type));
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeRoom(Effects.Received[alice.Id][^1].Body, out StatusBody status));
        Assert.Equal(("hello", (byte)Role.Member), (Encoding.UTF8.GetString(status.Notice), status.Role));
    }

    [Fact]
    public void Room_DismissesAnObserver_ItKeepsItsOwnPartition()
    {
        Control(RoomControl.Create("title", "", 0), "owner");
        Control(RoomControl.Appoint("carol", Role.Moderator), "owner");
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        EdgeSession carol = _room.Observe("carol", Role.None, JoinStart.Live, 0);
        _room.Answer();
        Assert.Equal(2, Effects.Live.Count);
        Assert.Single(Effects.Further);
        Control(RoomControl.Appoint("carol", Role.None), "owner");
        _room.PutState();
        _room.Say(0);
        _room.Say(1);
        _room.Send();
        uint own = _room.Current.PartitionOf("carol"u8, "east");
        Assert.EndsWith($"→1/{own}/1, 1/{own}/2", _room.Story(carol), StringComparison.Ordinal);
        Assert.Single(Effects.Live);
        Assert.Empty(Effects.Further);
    }

    public void Dispose() => _room.Dispose();

    // Sender, producer id, number and bytes of each.
    private List<(string From, ulong ProducerId, ulong Number, int PayloadBytes)> Deleted(EdgeSession session)
    {
        List<(string, ulong, ulong, int)> deleted = [];
        foreach ((_, byte[] bytes) in Effects.Received[session.Id].Where(frame => frame.Type == FrameType.Deliver))
        {
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(bytes, out DeliverBody body));
            foreach (DeliverMessage message in body)
            {
                if (message.Kind == MessageKind.Deleted)
                {
                    deleted.Add((Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number, message.Payload.Length));
                }
            }
        }

        return deleted;
    }

    // A message, a control, reactions and questions, with correlations 1 to 5.
    private void SendAll(EdgeSession session)
    {
        byte[][] frames =
        [
            ClientFrames.Publish(1, SplitBench.Room, 7, 1, FrameFlags.None), ClientFrames.Control(2, SplitBench.Room, 7, 2, RoomControl.Start().Encode()),
            ClientFrames.React(3, SplitBench.Room, 0, 1), ClientFrames.Query(4, QueryKind.Status, SplitBench.Room),
            ClientFrames.Query(5, QueryKind.Members, SplitBench.Room),
        ];
        _room.Bench.Core.Frames(session, [.. frames.SelectMany(frame => frame)], _room.Bench.Now);
        _room.Bench.Core.Flush(_room.Bench.Now);
        _room.Bench.ReceiveAll();
    }

    private List<string> Errors(EdgeSession session)
    {
        var errors = new List<string>();
        foreach ((_, _, byte[] body, uint correlation) in Effects.Sent.Where(sent => sent.Session == session.Id && sent.Type == FrameType.Error))
        {
            Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
            errors.Add($"{correlation} {error.Code} {error.RetryAfterMilliseconds}");
        }

        return errors;
    }

    private void Control(RoomControl control, string actor = "boss")
    {
        Assert.Null(_room.State.Apply(control, Encoding.UTF8.GetBytes(actor), actor == "boss" ? Role.Operator : Role.Member, _room.Bench.Now));
    }
}
