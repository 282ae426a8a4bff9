using System.Text;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Controls, questions, reactions, and what is told of a room.</summary>
public sealed class RoomTests : ScriptedClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ControlAsync_NotJoined_IsPublishedAndAcked()
    {
        ScriptedSession session = await ConnectAsync();
        Task<Position> control = Client.ControlAsync("lobby", RoomControl.SplitIntoGroups(8), Cancellation).AsTask();
        ScriptedFrame frame = await session.ExpectAsync(FrameType.Publish);
        Assert.Equal(FrameFlags.AckWanted, frame.Header.Flags);
        (string channel, ulong number, RoomControl sent) = Control(frame);
        Assert.Equal(("lobby", ControlVerb.Split, 8U), (channel, sent.Verb, sent.Groups));
        await session.AckAsync("lobby", Client.ProducerId, number);
        Assert.Equal(number + ScriptedBodies.AckedSeqOffset, (await control.WaitAsync(ScriptedSession.Deadline)).Seq);
    }

    [Fact]
    public async Task ControlAsync_ConnectionLost_IsSentAgainAsTheSame()
    {
        ScriptedSession session = await ConnectAsync();
        Task<Position> control = Client.ControlAsync("lobby", RoomControl.Merge(), Cancellation).AsTask();
        (_, ulong number, _) = Control(await session.ExpectAsync(FrameType.Publish));
        session.Reset();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        (_, ulong again, RoomControl sent) = Control(await next.ExpectAsync(FrameType.Publish));
        Assert.Equal((number, ControlVerb.Merge), (again, sent.Verb));
        await next.AckAsync("lobby", Client.ProducerId, number);
        await control.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task ControlAsync_Refused_ThrowsTheCode()
    {
        ScriptedSession session = await ConnectAsync();
        Task<Position> control = Client.ControlAsync("lobby", RoomControl.End(), Cancellation).AsTask();
        (_, ulong number, _) = Control(await session.ExpectAsync(FrameType.Publish));
        await session.ErrorAsync(ErrorCode.Forbidden, 0, "lobby", number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => control.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(ErrorCode.Forbidden, error.Code);
    }

    [Fact]
    public async Task ControlAsync_ArgumentOutOfRange_IsToldWithoutTheRelay()
    {
        await ConnectAsync();
        RelayException error = Assert.Throws<RelayException>(() => { _ = Client.ControlAsync("lobby", RoomControl.SplitIntoGroups(0), Cancellation).AsTask(); });
        Assert.Equal(ErrorCode.BadArgument, error.Code);
    }

    [Fact]
    public async Task ControlAsync_EdgeWithoutRooms_Throws()
    {
        Edge.Welcome = Edge.Welcome with { Capabilities = Capabilities.Ephemeral };
        await ConnectAsync();
        RelayException error = Assert.Throws<RelayException>(() => { _ = Client.ControlAsync("lobby", RoomControl.Merge(), Cancellation).AsTask(); });
        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
    }

    [Fact]
    public async Task QueryStatusAsync_Answered_HasEverything()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RoomStatus> asking = Client.QueryStatusAsync("lobby", Cancellation);
        ScriptedFrame query = await session.ExpectAsync(FrameType.Query);
        await session.SendAsync(FrameType.Answer, ScriptedRooms.Status("lobby", asAnswer: true), correlation: query.Header.Correlation);
        RoomStatus status = await asking.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal(("lobby", BroadcastState.Live, "Spring sale", "anna", Role.Host), (status.Channel, status.State, status.Title, status.Owner, status.Role));
        Assert.Equal((3UL, SplitMode.Edges, 2), (status.Partitioning.Generation, status.Partitioning.Mode, status.Partitioning.Count));
        Assert.Equal([2U, 3U], status.Sizes);
        Assert.Equal([new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000)], status.Settings);
        Assert.Equal([new RoomProduct("p1", "Scarf", 4900, "EUR", 12, "")], status.Products);
        Assert.Equal(("welcome", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000)), (status.Notice, status.StartsAt));
    }

    [Fact]
    [Trait("Must", "R-QUERY-4")]
    public async Task QueryStatusAsync_AnswerOfAKindThatIsNotKnown_IsPassedOver()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RoomStatus> asking = Client.QueryStatusAsync("lobby", Cancellation);
        ScriptedFrame query = await session.ExpectAsync(FrameType.Query);
        await session.SendAsync(FrameType.Answer, [0x93, 99, 0xc0, 1], correlation: query.Header.Correlation);
        await session.SendAsync(FrameType.Answer, ScriptedRooms.Status("hall", asAnswer: true), correlation: query.Header.Correlation + 1);
        await session.SendAsync(FrameType.Answer, ScriptedRooms.Status("lobby", asAnswer: true), correlation: query.Header.Correlation);
        Assert.Equal("lobby", (await asking.WaitAsync(ScriptedSession.Deadline)).Channel);
    }

    [Fact]
    public async Task QueryMembersAsync_Refused_Throws()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RoomMembers> asking = Client.QueryMembersAsync("lobby", Cancellation);
        ScriptedFrame query = await session.ExpectAsync(FrameType.Query);
        await session.ErrorAsync(ErrorCode.NotFound, 0, "lobby", null, query.Header.Correlation);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => asking.WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(ErrorCode.NotFound, error.Code);
    }

    [Fact]
    public async Task React_Joined_SendsItAndOtherwiseDropsIt()
    {
        ScriptedSession session = await ConnectAsync();
        Assert.False(Client.React("lobby"));
        await JoinAsync(session, "lobby");
        Assert.True(Client.React("lobby", RelayClient.Heart, 25));
        ScriptedFrame frame = await session.ExpectAsync(FrameType.React);
        Assert.Equal(DecodeStatus.Ok, ReactBody.TryDecode(frame.Body, out ReactBody body));
        Assert.Equal((RelayClient.Heart, (byte)25), (body.Reaction, body.Count));
        await Client.DisposeAsync();
        Assert.False(Client.React("lobby"));
    }

    [Fact]
    public async Task React_Refused_RaisesSendRefused()
    {
        (_, ScriptedSession session) = await JoinAsync();
        var refused = new TaskCompletionSource<RelayRefusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.SendRefused += (_, refusal) => refused.TrySetResult(refusal);
        Assert.True(Client.React("lobby"));
        ScriptedFrame react = await session.ExpectAsync(FrameType.React);
        await session.ErrorAsync(ErrorCode.Muted, 0, "lobby", null, react.Header.Correlation);
        Assert.Equal(("lobby", ErrorCode.Muted), await refused.Task.WaitAsync(ScriptedSession.Deadline) is var told ? (told.Channel, told.Code) : default);
    }

    [Fact]
    public async Task Read_WhatIsToldOfARoom_ComesAsEvents()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.SendAsync(FrameType.Room, ScriptedRooms.Status("lobby", asAnswer: false));
        await session.SendAsync(FrameType.Counts, ScriptedRooms.Counts("lobby"));
        await session.SendAsync(FrameType.Reactions, ScriptedRooms.Reactions("lobby"));
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 1), MessageKind.Room, RoomControl.Notice("hello").EncodeForLog());
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 2), MessageKind.Deleted, []);
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 0), MessageKind.Presence, ScriptedRooms.Presence(joined: true, "bob"));
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 3), (MessageKind)200, []);
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 4), "text");

        List<RelayEvent> events = await ReadAsync(lobby, 7);

        Assert.Equal("Spring sale", Assert.IsType<RelayRoomState>(events[0]).Status.Title);
        Assert.Equal((12U, 2), (Assert.IsType<RelayCounts>(events[1]).Total, ((RelayCounts)events[1]).Partitions.Count));
        Assert.Equal([(RelayClient.Heart, 40U), ((byte)3, 2U)], Assert.IsType<RelayReactions>(events[2]).Counts.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(("host-1", "hello"), (Assert.IsType<RelayRoomChange>(events[3]).From, ((RelayRoomChange)events[3]).Control.Text));
        Assert.Equal((2UL, 4UL), (Assert.IsType<RelayDeletion>(events[4]).Position.Seq, ((RelayDeletion)events[4]).Number));
        Assert.Equal(("bob", true), (Assert.IsType<RelayPresence>(events[5]).User, ((RelayPresence)events[5]).HasJoined));
        Assert.Equal("text", Assert.IsType<RelayMessage>(events[6]).Text);
        Assert.Equal(4UL, lobby.Position.Seq);
        Assert.Equal(("Spring sale", 12U), (lobby.Status!.Title, lobby.Counts!.Total));
    }

    [Fact]
    [Trait("Must", "R-ROOM-2")]
    public async Task Read_RoomAgain_TakesThePlaceOfTheOneBefore()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.SendAsync(FrameType.Room, ScriptedRooms.Status("lobby", asAnswer: false));
        await session.SendAsync(FrameType.Room, ScriptedRooms.BareStatus("lobby"));
        RoomStatus status = Assert.IsType<RelayRoomState>((await ReadAsync(lobby, 2))[1]).Status;
        Assert.Equal((BroadcastState.Open, "", "", ""), (status.State, status.Title, status.Notice, status.Owner));
        Assert.Equal((4UL, SplitMode.Whole), (status.Partitioning.Generation, status.Partitioning.Mode));
        Assert.Empty(status.Settings);
        Assert.Empty(status.Products);
        Assert.Same(status, lobby.Status);
    }

    [Fact]
    [Trait("Must", "R-CTRL-8")]
    public async Task Read_ChangeThatIsNotKnown_IsPassedOver()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 1), MessageKind.Room, [0x92, 99, 0xc0]);
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 2), "text");
        Assert.Equal("text", Assert.IsType<RelayMessage>(Assert.Single(await ReadAsync(lobby, 1))).Text);
        Assert.Equal(2UL, lobby.Position.Seq);
    }

    [Fact]
    [Trait("Must", "R-DEL-2")]
    public async Task Read_Deleted_IsNamedAndIsNoMessage()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 1), MessageKind.Text, "spam"u8.ToArray());
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 2), MessageKind.Room, RoomControl.Delete("host-1", 9, 4).EncodeForLog());
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 3), MessageKind.Deleted, []);
        await session.DeliverAsync("lobby", new Position(0, 0, 1, 4), "text");
        List<RelayEvent> events = await ReadAsync(lobby, 4);
        Assert.Equal(["spam", "text"], events.OfType<RelayMessage>().Select(message => message.Text));
        var spam = Assert.IsType<RelayMessage>(events[0]);
        RoomControl change = Assert.IsType<RelayRoomChange>(events[1]).Control;
        Assert.Equal((spam.From, spam.ProducerId, spam.Number), (change.User, change.ProducerId, change.Number));
        Assert.Equal(3UL, Assert.IsType<RelayDeletion>(events[2]).Position.Seq);
    }

    [Theory]
    [InlineData(ErrorCode.Banned)]
    [InlineData(ErrorCode.Kicked)]
    public async Task Read_PutOut_EndsWithTheReason(ErrorCode code)
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        await session.DeliverAsync("lobby", 1, "before");
        await session.LeftAsync("lobby", code);
        Assert.Equal(["before"], await ReadTextsAsync(lobby, 1));
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(lobby, 1));
        Assert.Equal(code, error.Code);
        Assert.Equal(ErrorCode.NotJoined, (await Assert.ThrowsAsync<RelayException>(async () => await Client.PublishAsync("lobby", "x"))).Code);
    }

    [Fact]
    public async Task Read_BannedWhileAway_EndsWithTheReason()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync();
        session.Reset();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        ScriptedFrame join = await next.ExpectAsync(FrameType.Join);
        await next.ErrorAsync(ErrorCode.Banned, 0, "lobby", null, join.Header.Correlation);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(lobby, 1));
        Assert.Equal(ErrorCode.Banned, error.Code);
    }

    private static (string Channel, ulong Number, RoomControl Control) Control(ScriptedFrame frame)
    {
        Assert.Equal(DecodeStatus.Ok, PublishBody.TryDecode(frame.Body, out PublishBody body));
        Assert.Equal(MessageKind.Control, body.Kind);
        return (Encoding.UTF8.GetString(body.Channel), body.Number, RoomControl.Decode(body.Payload, out _)!);
    }
}
