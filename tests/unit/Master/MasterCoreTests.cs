using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Master;

/// <summary>The master's decisions, step by step: places, duplicates, answers, and what goes with which flush.</summary>
public sealed class MasterCoreTests : IDisposable
{
    private readonly MasterBench _bench = new(options =>
    {
        options.EdgeUnconfirmedBytesMax = 2000;
        options.EdgeStallMilliseconds = 100;
        options.EdgeTimeoutMilliseconds = 3000;
        options.ChannelIdleSeconds = 1;
        options.RetentionMessages = 5;
    });

    [Fact]
    public void Publish_SeveralEdges_PlacesInOrderOfArrivalAndAcksWithTheirFlush()
    {
        EdgeVoice a = _bench.Edge("a");
        EdgeVoice b = _bench.Edge("b");
        a.Interest("room");
        a.Publish("room", 1);
        b.Publish("room", 1, user: "bob");
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Acks));
        _bench.Load();
        List<RelayView> relays = _bench.Flush();
        Assert.Equal([(1UL, 1UL, 1UL, 1UL)], To(relays, a).Acks);
        Assert.Equal([(1UL, 1UL, 2UL, 1UL)], To(relays, b).Acks);
        Assert.Equal([(1UL, 1UL), (2UL, 1UL)], To(relays, a).Delivered);
        Assert.Empty(To(relays, b).Delivered);
    }

    [Fact]
    public void Publish_SameNumberWhileTheFirstIsInFlight_SamePlaceAndOneEntry()
    {
        EdgeVoice a = Ready("a");
        EdgeVoice b = Ready("b");
        a.Publish("room", 1);
        _bench.Build();
        b.Publish("room", 1, session: 9);
        Assert.Empty(_bench.LastFlush.Relays.Where(relay => relay.To.Value == b.Address).SelectMany(relay => new RelayView(_bench.LastFlush, relay).Acks));
        _bench.Core.FlushDone();
        RelayView answer = To(_bench.Flush(), b);
        Assert.Equal([(9UL, 1UL, 1UL, 1UL)], answer.Acks);
        Assert.Single(_bench.Log("room"));
    }

    [Fact]
    public void Publish_SameProducerIdOfAnotherUser_IsAnotherMessage()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1, user: "alice");
        a.Publish("room", 1, user: "bob");
        Assert.Equal([1UL, 2UL], To(_bench.Flush(), a).Acks.Select(ack => ack.Seq));
    }

    [Fact]
    [Trait("Must", "R-ACK-4")]
    public void Publish_NumberThatRetentionRemoved_Expired()
    {
        EdgeVoice a = Ready("a");
        for (ulong number = 1; number <= 8; number++)
        {
            a.Publish("room", number);
            Confirm(a, _bench.Flush());
        }

        a.Publish("room", 1);
        RelayView answer = To(_bench.Flush(), a);
        Assert.Equal([(1UL, ErrorCode.NumberExpired)], answer.Errors);
        Assert.Empty(answer.Acks);
    }

    [Fact]
    public void Publish_AfterANewOwnerHasReadTheLog_IsRecognized()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1);
        _bench.Flush();
        _bench.Own(2);
        EdgeVoice again = Ready("a");
        again.Publish("room", 1);
        again.Publish("room", 2);
        Assert.Equal([(1UL, 1UL, 1UL, 1UL), (1UL, 2UL, 2UL, 2UL)], To(_bench.Flush(), again).Acks);
    }

    [Fact]
    public void Interest_WithStagedMessages_AnsweredWithTheTopAfterTheFlush()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1);
        a.Interest("room");
        RelayView answer = To(_bench.Flush(), a);
        Assert.Equal([("room", new Position(0, 0, 1, 1))], answer.Opened);
    }

    [Fact]
    public void Receive_BatchOutOfOrderOrOfAnotherLink_IsNotTakenAndTheHeadSaysWhatIs()
    {
        EdgeVoice a = Ready("a");
        ulong received = a.BatchNo;
        a.BatchNo += 3;
        a.Publish("room", 1);
        Assert.Equal(received, To(_bench.Flush(), a).Received);
        a.BatchNo = received;
        a.Link++;
        a.Publish("room", 1);
        Assert.Equal(received, To(_bench.Flush(), a).Received);
        Assert.Empty(_bench.Log("room"));
    }

    [Fact]
    public void Completed_WhileALogIsRead_StaysBeforeTheBatchThatWaits()
    {
        EdgeVoice a = Ready("a");
        ulong before = a.BatchNo;
        a.Publish("unread", 1);
        a.Publish("room", 2);
        RelayView head = To(_bench.Flush(), a);
        Assert.Equal((before + 2, before), (head.Received, head.Completed));
        _bench.Load();
        Assert.Equal(before + 2, To(_bench.Flush(), a).Completed);
    }

    [Fact]
    public void Publish_Ephemeral_RelayedWithoutEntryOrAck()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1, flags: FrameFlags.Ephemeral);
        RelayView relay = To(_bench.Flush(), a);
        Assert.Equal(1, relay.Ephemerals);
        Assert.Empty(relay.Acks);
        Assert.Empty(_bench.Log("room"));
    }

    [Fact]
    public void Tick_ChannelHasChanged_TopIsToldOnce()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1);
        Confirm(a, _bench.Flush());
        _bench.Core.Tick(_bench.Now);
        Assert.Equal([("room", new Position(0, 0, 1, 1))], To(_bench.Flush(), a).Tops);
        _bench.Core.Tick(_bench.Now);
        Assert.Empty(_bench.Flush());
    }

    [Fact]
    public void TryBuildFlush_EdgeOwesConfirmations_WaitsThenGoesOnAndTheEdgeFindsAHole()
    {
        EdgeVoice slow = Ready("slow");
        slow.Publish("room", 1, payloadBytes: 3000);
        ulong lastRelayNo = To(_bench.Flush(), slow).RelayNo;
        slow.Publish("room", 2);
        Assert.Empty(_bench.Flush());
        _bench.Now += 150;
        RelayView passedOver = To(_bench.Flush(), slow);
        Assert.Empty(passedOver.Delivered);
        Assert.Equal(lastRelayNo + 1, passedOver.RelayNo);

        slow.Confirmed = passedOver.RelayNo;
        slow.Heartbeat();
        RelayView recovered = To(_bench.Flush(), slow);
        Assert.Equal(passedOver.RelayNo + 2, recovered.RelayNo);
        slow.Publish("room", 3);
        Assert.Single(To(_bench.Flush(), slow).Delivered);
    }

    [Fact]
    public void Tick_EdgePassedOverThatHasNothingToSay_GetsAHeadToConfirm()
    {
        EdgeVoice slow = Ready("slow");
        slow.Publish("room", 1, payloadBytes: 3000);
        _bench.Flush();
        slow.Publish("room", 2);
        Assert.Empty(_bench.Flush());
        _bench.Now += 150;
        _bench.Flush();
        Assert.Empty(_bench.Flush());
        _bench.Core.Tick(_bench.Now);
        Assert.Single(_bench.Flush());
    }

    [Fact]
    public void Tick_SilentEdgeWithARecordThatWaits_IsForgottenAndItsOldLinkStaysSilent()
    {
        EdgeVoice a = Ready("a");
        a.Publish("unread", 1);
        _bench.Flush();
        _bench.Now += 5000;
        _bench.Core.Tick(_bench.Now);
        Assert.Equal(0, _bench.Core.EdgeCount);
        EdgeVoice again = _bench.Edge("a");
        Assert.NotEqual(a.Link, again.Link);
        _bench.Load();
        Assert.DoesNotContain(_bench.Flush(), relay => relay.Link == a.Link);
    }

    [Fact]
    public void Tick_ChannelOfAFlushUnderWay_IsNotForgotten()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1);
        a.Disinterest("room");
        _bench.Build();
        _bench.Now += 10_000;
        _bench.Core.Tick(_bench.Now);
        a = _bench.Edge("b");
        _bench.Log("room").Clear();
        a.Publish("room", 2, user: "bob");
        Assert.False(_bench.Core.TryNextLoad(out _));
        Assert.Equal(2UL, Assert.Single(To(_bench.Flush(), a).Acks).Seq);
    }

    [Fact]
    public void Own_AfterTheStoreWasReplaced_NothingStagedIsToldAndEdgesBeginAnew()
    {
        EdgeVoice a = Ready("a");
        a.Publish("room", 1);
        _bench.Build();
        a.Publish("room", 2);
        _bench.Log("room").Clear();
        _bench.Core.FlushDone();
        _bench.Own(5);
        Assert.Empty(_bench.Flush());
        Assert.Equal(5UL, _bench.Core.EpochMax);
        EdgeVoice again = Ready("a");
        Assert.True(again.Link > a.Link);
        again.Publish("room", 1);
        Assert.Equal((1UL, 5UL), To(_bench.Flush(), again).Acks.Select(ack => (ack.Seq, ack.Epoch)).Single());
    }

    [Fact]
    [Trait("Must", "R-ACK-4")]
    public void LoadPage_BeginningOfTheLogIsGone_NumbersBelowWhatIsLeftAreExpiredAndWhatIsLeftIsKnown()
    {
        EdgeVoice edge = _bench.Edge("edge");
        foreach (ulong number in (ulong[])[1, 20, 5, 21])
        {
            edge.Publish("room", number);
            _bench.Load();
            _bench.Flush();
        }

        _bench.Log("room").RemoveAt(0);
        _bench.Own(2);
        edge = _bench.Edge("edge");
        foreach (ulong number in (ulong[])[1, 5, 20, 22])
        {
            edge.Publish("room", number);
        }

        _bench.Load();
        RelayView answer = Assert.Single(_bench.Flush());
        Assert.Equal([(1UL, ErrorCode.NumberExpired)], answer.Errors);
        Assert.Equal([(5UL, 3UL), (20UL, 2UL), (22UL, 5UL)], answer.Acks.Select(ack => (ack.Number, ack.Seq)).Order());
    }

    [Fact]
    public void LoadPage_EntryThatCannotBeRead_ItsPlacesStayTaken()
    {
        _bench.Log("room").Add(new LogEntry(1, 10, new byte[] { 0xc1 }));
        EdgeVoice a = _bench.Edge("a");
        a.Publish("room", 1);
        Assert.True(_bench.Core.TryNextLoad(out ChannelState channel));
        Assert.False(ChannelLoad.TakePage(channel.Partitions[0], new LogPage(_bench.Log("room"), false)));
        _bench.Core.Loaded(channel, _bench.Now);
        Assert.Equal(11UL, Assert.Single(To(_bench.Flush(), a).Acks).Seq);
    }

    [Fact]
    public void TryBuildFlush_MoreWaitsThanOneFlushTakes_GoesInOrderOverSeveral()
    {
        using var bench = new MasterBench();
        EdgeVoice a = bench.Edge("a");
        a.Interest("unread");
        const int Messages = 400;
        for (ulong number = 1; number <= Messages; number++)
        {
            a.Publish("unread", number, payloadBytes: 60_000);
        }

        bench.Load();
        var seqs = new List<ulong>();
        int flushes = 0;
        while (bench.Flush() is { Count: > 0 } relays)
        {
            Assert.InRange(bench.LastFlush.Appends.Sum(append => append.Body.Length), 0, FabricLimits.FlushBytesMax);
            seqs.AddRange(To(relays, a).Acks.Select(ack => ack.Seq));
            a.Confirmed = To(relays, a).RelayNo;
            a.Heartbeat();
            flushes++;
        }

        Assert.True(flushes > 3, $"{flushes} flushes");
        Assert.Equal(Enumerable.Range(1, Messages).Select(seq => (ulong)seq), seqs);
    }

    public void Dispose() => _bench.Dispose();

    private static RelayView To(List<RelayView> relays, EdgeVoice edge) => Assert.Single(relays, relay => relay.To == edge.Address);

    private static void Confirm(EdgeVoice edge, List<RelayView> relays)
    {
        edge.Confirmed = To(relays, edge).RelayNo;
        edge.Heartbeat();
    }

    // An edge with members in an open room.
    private EdgeVoice Ready(string id)
    {
        EdgeVoice edge = _bench.Edge(id);
        edge.Interest("room");
        _bench.Load();
        Confirm(edge, _bench.Flush());
        return edge;
    }
}
