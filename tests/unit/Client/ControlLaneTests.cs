using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Client;

/// <summary>Controls in the ledger: they need no membership, and otherwise go the way of every publish.</summary>
public sealed class ControlLaneTests
{
    private static readonly PublishLimits Limits = new(8, 4000, 8000);

    [Fact]
    public void Publish_ControlOfAChannelNotJoined_IsSentAtOnce()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        _ = Control(ledger);
        Assert.Equal([1UL], SentNumbers.Of(ledger));
    }

    [Fact]
    public void Publish_TextOfAChannelNotJoined_IsRefusedStill()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        _ = Control(ledger);
        Assert.Equal(ErrorCode.NotJoined, Assert.Throws<RelayException>(() => { _ = Text(ledger); }).Code);
    }

    [Fact]
    public void Publish_ControlWithoutAConnection_WaitsForOne()
    {
        PublishLedger ledger = Open();
        _ = Control(ledger);
        Assert.Empty(SentNumbers.Of(ledger));
        ledger.Connected(Limits);
        Assert.Equal([1UL], SentNumbers.Of(ledger));
    }

    [Fact]
    public void Publish_ControlUnansweredWhenTheConnectionIsLost_IsSentAgainWithItsNumber()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        _ = Control(ledger);
        Assert.Equal([1UL], SentNumbers.Of(ledger));
        ledger.Disconnected();
        Assert.Empty(SentNumbers.Of(ledger));
        ledger.Connected(Limits);
        Assert.Equal([1UL], SentNumbers.Of(ledger));
    }

    [Fact]
    public void Publish_ControlOfAJoinedChannel_KeepsItsPlaceAmongTheMessages()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        PublishLane lane = ledger.AddLane("lobby");
        _ = Text(ledger);
        _ = Control(ledger);
        Assert.Empty(SentNumbers.Of(ledger));
        ledger.SetJoined(lane, true);
        Assert.Equal([1UL, 2], SentNumbers.Of(ledger));
    }

    [Fact]
    public async Task Publish_ControlWhileTheChannelIsLeft_GoesOnItsOwn()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        PublishLane lane = ledger.AddLane("lobby");
        ledger.SetJoined(lane, true);
        Task leaving = ledger.CloseLaneAsync(lane, TestContext.Current.CancellationToken);
        Task<Position> control = Control(ledger);
        await leaving;
        ledger.RemoveLane(lane, new RelayException("left"));
        Assert.Equal([1UL], SentNumbers.Of(ledger));
        Assert.False(control.IsCompleted);
    }

    [Fact]
    public async Task Connected_WithoutRooms_FailsWhatWaits()
    {
        PublishLedger ledger = Open();
        Task<Position> control = Control(ledger);
        ledger.Connected(Limits with { HasRooms = false });
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => control);
        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
        Assert.Equal(ErrorCode.UnsupportedVersion, Assert.Throws<RelayException>(() => { _ = Control(ledger); }).Code);
    }

    [Fact]
    public async Task Refuse_Control_ReachesTheCallerAndLeavesNothing()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        Task<Position> control = Control(ledger);
        SentNumbers.Of(ledger);
        Assert.True(ledger.Refuse(1, ErrorCode.Conflict, "the room is split like that already", TimeSpan.Zero));
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => control);
        Assert.Equal(ErrorCode.Conflict, error.Code);

        // The next one has a lane again.
        _ = Control(ledger);
        Assert.Equal([2UL], SentNumbers.Of(ledger));
    }

    [Theory]
    [InlineData(true, 2_000, false)]
    [InlineData(true, 60_000, true)]
    [InlineData(false, 2_000, true)]
    public async Task Refuse_SlowMode_GoesToTheCallerUnlessItMayBeWaitedFor(bool retry, int retryAfterMilliseconds, bool handedOver)
    {
        PublishLedger ledger = Open(retry);
        ledger.Connected(Limits);
        ledger.SetJoined(ledger.AddLane("lobby"), true);
        Task<Position> text = Text(ledger);
        SentNumbers.Of(ledger);
        ledger.Refuse(1, ErrorCode.SlowMode, "slow mode", TimeSpan.FromMilliseconds(retryAfterMilliseconds));
        if (handedOver)
        {
            RelayException error = await Assert.ThrowsAsync<RelayException>(() => text);
            Assert.Equal((ErrorCode.SlowMode, TimeSpan.FromMilliseconds(retryAfterMilliseconds)), (error.Code, error.RetryAfter));
        }
        else
        {
            Assert.False(text.IsCompleted);
        }
    }

    private static PublishLedger Open(bool retryInSlowMode = true) => new(
        new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", 1)],
            TokenProvider = _ => ValueTask.FromResult("token"),
            RetryInSlowMode = retryInSlowMode,
        },
        new WakeSignal());

    private static Task<Position> Control(PublishLedger ledger) => ledger.Publish(
        new PublishRequest("lobby", null, RoomControl.Merge().Encode(), MessageKind.Control, FrameFlags.AckWanted), default).AsTask();

    private static Task<Position> Text(PublishLedger ledger) =>
        ledger.Publish(new PublishRequest("lobby", "text", default, MessageKind.Text, FrameFlags.AckWanted), default).AsTask();
}
