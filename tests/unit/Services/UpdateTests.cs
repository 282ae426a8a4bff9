using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Services;

/// <summary>What a service may tell where, and what it may not.</summary>
public sealed class UpdateTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Headlines = "news.headlines";
    private const ulong HourMilliseconds = 3_600_000;

    private readonly ServiceBench _bench = new();
    private ulong _number;

    [Fact]
    [Trait("Must", "R-SUB-8")]
    [Trait("Must", "R-UPD-1")]
    public void Update_ToARoom_NeedsToBeLetIn()
    {
        byte[] payload = Bodies.Update("", []);
        Send(Room, payload, ErrorCode.Forbidden);
        _bench.Change(Room, RoomControl.Invite("news"));
        Send(Room, payload, null);
        _bench.Change(Room, RoomControl.Invite("news", false));
        Send(Room, payload, ErrorCode.Forbidden);
        _bench.Subscribe(Room, Headlines, ["economy"]);
        Send(Room, payload, null);
        Assert.Equal(2, _bench.Logged(Room, MessageKind.Update).Count);
    }

    [Fact]
    [Trait("Must", "R-UPD-7")]
    public void Update_ToAUser_NeedsHisSubscriptionOrHisCall()
    {
        byte[] payload = Bodies.Update("", []);
        Send("inbox:alice", payload, ErrorCode.Forbidden);
        _bench.Users.Command(Bodies.Command("news", "latest", []));
        _bench.Settle();
        string alice = _bench.Call().Subject;
        Send("inbox:" + alice, payload, null);
        Assert.Equal(["inbox:" + alice], _bench.Told.SelectMany(relay => relay.AckedChannels));

        // Nor which place it has: two services that compare theirs would find out that they write to the same user.
        Assert.Equal([(_number, default(Position))], _bench.Told.SelectMany(relay => relay.Places));
        Assert.Single(_bench.Logged("inbox:alice", MessageKind.Update));

        _bench.Subscribe("inbox:bob", Headlines, [], user: "bob", role: Role.Member);
        string bob = PairwiseSubject.Of(new byte[PairwiseSubject.KeyBytes], "news"u8, "bob"u8);
        Send("inbox:" + bob, payload, null);
        Assert.Single(_bench.Logged("inbox:bob", MessageKind.Update));
        _bench.Services.Now += 25 * HourMilliseconds;
        Send("inbox:" + alice, payload, ErrorCode.Forbidden);
        Send("inbox:" + bob, payload, null);
        _bench.Change("inbox:bob", RoomControl.Unsubscribe(Headlines), "bob", Role.Member);
        Send("inbox:" + bob, payload, ErrorCode.Forbidden);
    }

    [Fact]
    [Trait("Must", "R-UPD-5")]
    public void Update_WhatItsProducerSaidLaterHasLeftTheRoomsLog_ComesAllTheSame()
    {
        _bench.Subscribe(Room, Headlines, []);
        _bench.Change(Room, RoomControl.Set(RoomSetting.RetentionMessages, 2));
        for (ulong number = 10; number <= 60; number += 10)
        {
            _bench.Services.Update(Room, Bodies.Update("", []), number);
            _bench.Settle();
        }

        for (int i = 0; i < 2; i++)
        {
            _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, []), 1);
            _bench.Settle();
        }

        Assert.Equal(1, _bench.Logged(Room, MessageKind.Update).Count(number => number == 1));
    }

    [Fact]
    public void Update_OfAnotherService_IsForbidden()
    {
        _bench.Services.Register("music", Bodies.News("music"), session: 51);
        _bench.Settle();
        Send("topic:music.headlines", Bodies.Update("music.headlines", [], service: "music"), ErrorCode.Forbidden);
        Send("topic:news.headlines", Bodies.Update(Headlines, [], service: "music"), ErrorCode.BadArgument);
        Send("topic:news.headlines", Bodies.Update("news.alerts", []), ErrorCode.BadArgument);
    }

    [Fact]
    [Trait("Must", "R-UPD-2")]
    [Trait("Must", "R-UPD-3")]
    public void Update_ThatCannotBe_IsRefused()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        Send(Room, Bodies.Update("", ["twice", "twice"]), ErrorCode.BadArgument);
        Send(Room, Bodies.Update("", ["bell\a"]), ErrorCode.BadArgument);
        Send("topic:news.headlines", Bodies.Update(Headlines, ["sport"]), ErrorCode.NotFound);
        Send("topic:news.nothing", Bodies.Update("news.nothing", []), ErrorCode.NotFound);
        Send("topic:news.headlines", [0xc0], ErrorCode.MalformedBody);
        Send("topic:news.headlines", Bodies.Update(Headlines, [], item: ""), ErrorCode.BadArgument);
        Send("topic:news.headlines", Bodies.Update(Headlines, [], link: "javascript:alert(1)"), ErrorCode.BadArgument);
        Send("topic:news.headlines", Bodies.Update(Headlines, [], item: "bell\a"), ErrorCode.BadArgument);
        Send("topic:news.headlines", Bodies.Update(Headlines, [], textBytes: ProtocolLimits.ResultTextBytesMax + 1), ErrorCode.MalformedBody);
        Send("topic:news.headlines", new byte[ProtocolLimits.UpdateBytesMax + 1], ErrorCode.PayloadTooLarge);
        _bench.Told.Clear();
        _bench.Users.Speak("topic:news.headlines", 1, "mallory");
        _bench.Settle();
        Assert.Equal(ErrorCode.Forbidden, Assert.Single(_bench.Told.SelectMany(relay => relay.Errors)).Code);
    }

    public void Dispose() => _bench.Dispose();

    private void Send(string channel, byte[] payload, ErrorCode? refused)
    {
        _bench.Told.Clear();
        _bench.Services.Update(channel, payload, ++_number);
        _bench.Settle();
        Assert.Equal(refused is { } code ? [code] : [], _bench.Told.SelectMany(relay => relay.Errors).Select(error => error.Code));
    }
}
