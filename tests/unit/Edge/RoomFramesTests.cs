using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>How a room is, told to its members: what that costs when they are many, and how often they are told.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class RoomFramesTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    public void Changed_AThousandMembersOfThreeRoles_IsEncodedThreeTimes()
    {
        long heldBytes = SharedFrame.HeldBytes;
        Role[] roles = [Role.Viewer, Role.Member, Role.Operator];
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession[] members = [.. Enumerable.Range(0, 1000).Select(i => Join($"user-{i}", roles[i % roles.Length]))];
        _room.Answer();
        Assert.Equal((3, 1000), (_room.Effects.StatusFrames.Count, _room.Effects.Sent.Count(sent => sent.Type == FrameType.Room)));
        Pin("hello");
        Assert.Equal((6, 2000), (_room.Effects.StatusFrames.Count, _room.Effects.Sent.Count(sent => sent.Type == FrameType.Room)));
        Assert.All(members.Index(), member => Assert.Equal(
            ("hello", roles[member.Index % roles.Length]), (Told(member.Item)[^1], (Role)LastStatus(member.Item).Role)));
        Array.ForEach(members, member => _room.Bench.Core.SessionClosed(member, _room.Bench.Now));
        Assert.Equal(heldBytes, SharedFrame.HeldBytes);
    }

    [Fact]
    [Trait("Must", "R-ROOM-1")]
    public void Changed_OftenInAShortTime_AtOnceAndThenTheLatestOnly()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession alice = Join("alice", Role.None);
        _room.Answer();
        Pin("first");
        Pin("second");
        At(1100);
        Pin("third");
        Assert.Equal(["", "first"], Told(alice));
        EdgeSession bob = Join("bob", Role.None);
        Assert.Equal(["third"], Told(bob));
        At(1240);
        Assert.Equal(["", "first", "third"], Told(alice));
        Pin("fourth");
        At(1450);
        At(1500);
        Assert.Equal(["", "first", "third", "fourth"], Told(alice));
        At(9000);
        Assert.Equal(["", "first", "third", "fourth"], Told(alice));
        Pin("fifth");
        Assert.Equal(["", "first", "third", "fourth", "fifth"], Told(alice));
    }

    [Fact]
    public void Changed_EverybodyHasLeftBeforeTheTick_NobodyIsTold()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        EdgeSession alice = Join("alice", Role.None);
        _room.Answer();
        Pin("first");
        Pin("second");
        _room.Bench.Leave(alice, SplitBench.Room);
        At(1250);
        Assert.Equal(["", "first"], Told(alice));
    }

    public void Dispose() => _room.Dispose();

    private EdgeSession Join(string user, Role role)
    {
        EdgeSession session = _room.SignIn(user, role);
        _room.Bench.Join(session, SplitBench.Room);
        return session;
    }

    private void Pin(string notice)
    {
        Assert.Null(_room.State.Apply(RoomControl.Notice(notice), "boss"u8, Role.Operator, _room.Bench.Now));
        _room.PutState();
        _room.Send();
    }

    private void At(ulong milliseconds)
    {
        _room.Bench.Now = milliseconds;
        _room.Bench.Core.TickQuarter(milliseconds);
    }

    // The notices of all that it was told.
    private string[] Told(EdgeSession session) =>
        [.. _room.Effects.Received[session.Id].Where(frame => frame.Type == FrameType.Room).Select(frame => Encoding.UTF8.GetString(Status(frame.Body).Notice))];

    private StatusBody LastStatus(EdgeSession session) => Status(_room.Effects.Received[session.Id][^1].Body);

    private static StatusBody Status(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeRoom(body, out StatusBody status));
        return status;
    }
}
