using System.Globalization;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Master;

/// <summary>Messages that grow too old leave, whether or not anybody writes, and a void one takes their place.</summary>
public sealed class ExpiryTests : IDisposable
{
    private const ulong AgeMilliseconds = 3_600_000;
    private const string Room = "room";

    private readonly MasterBench _bench = new(options =>
    {
        options.RetentionHours = 1;
        options.EdgeTimeoutMilliseconds = 600_000;
        options.ChannelIdleSeconds = 86_400;
        options.LoadsMax = 1;
        options.ChannelsMax = 200;
    });

    [Fact]
    [Trait("Must", "R-VOID-2")]
    public void Tick_NewestIsTooOld_OneVoidIsLeftAndIsNotRepeated()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2, 3);
        Pass(a, AgeMilliseconds + 1);
        List<RelayView> relays = Tick();
        Assert.Equal([(4UL, 0UL)], relays.SelectMany(relay => relay.Delivered));
        Assert.Empty(relays.SelectMany(relay => relay.Acks));
        AssertIsVoid(_bench.Log(Room)[^1]);
        Assert.Null(Assert.Single(_bench.LastFlush.Appends).TrimBefore);

        // Members who have not seen it yet stand at the entry before it.
        Assert.Equal(4, _bench.Log(Room).Count);
        Assert.Equal([(Room, new Position(0, 0, 1, 4))], Tick().SelectMany(relay => relay.Trimmed));
        Assert.Single(_bench.Log(Room));

        for (int hours = 0; hours < 5; hours++)
        {
            Pass(a, AgeMilliseconds);
            Tick();
            Assert.Empty(_bench.LastFlush.Appends);
            Assert.Equal(4UL, Assert.Single(_bench.Log(Room)).LastSeq);
        }
    }

    [Fact]
    public void Tick_OlderPartIsTooOld_OnlyThatLeaves()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2);
        Pass(a, AgeMilliseconds / 2);
        Publish(a, 3);
        Pass(a, (AgeMilliseconds / 2) + 1);
        Tick();
        Assert.Empty(_bench.LastFlush.Appends);
        Assert.Equal([3UL], _bench.Log(Room).Select(entry => entry.LastSeq));
        Tick();
        Assert.Empty(_bench.LastFlush.Trims);
    }

    // The fabric puts the trims of appends off; what they left is taken away all the same.
    [Fact]
    public void Tick_AnAppendHasTrimmedForAge_TrimmedAtOnceToo()
    {
        EdgeVoice a = Member();
        Publish(a, 1);
        Pass(a, AgeMilliseconds + 1);
        Publish(a, 2);
        Assert.Equal(2, _bench.Log(Room).Count);
        Tick();
        Assert.Equal([2UL], _bench.Log(Room).Select(entry => entry.LastSeq));
    }

    [Fact]
    public void Tick_ManyChannels_ABoundedNumberOfThemHasItsTurn()
    {
        EdgeVoice a = _bench.Edge("a");
        for (int i = 0; i < 180; i++)
        {
            a.Publish(i.ToString(CultureInfo.InvariantCulture), 1);
        }

        _bench.Load();
        _bench.Flush();
        Pass(a, AgeMilliseconds + 1);
        for (int tick = 0; tick < 60; tick++)
        {
            Tick();
            Assert.Equal(3, _bench.LastFlush.Appends.Count);
        }

        Tick();
        Assert.Empty(_bench.LastFlush.Appends);
    }

    [Fact]
    [Trait("Must", "R-VOID-3")]
    public void Loaded_EverythingIsTooOld_GoneWithTheFlushThatTellsTheTop()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2, 3);
        _bench.Own(2);
        _bench.Now += AgeMilliseconds + 1;
        EdgeVoice b = _bench.Edge("b");
        b.Interest(Room);
        _bench.Load();
        List<RelayView> relays = _bench.Flush();
        Assert.Equal([(Room, new Position(0, 0, 2, 4))], relays.SelectMany(relay => relay.Opened));
        AssertIsVoid(Assert.Single(_bench.Log(Room)));
    }

    [Fact]
    [Trait("Must", "R-VOID-3")]
    public void Interest_NobodyWasInAChannelInMemory_GoneWithTheFlushThatTellsTheTop()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2);
        a.Disinterest(Room);
        Pass(a, AgeMilliseconds + 1);
        a.Interest(Room);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal([(Room, new Position(0, 0, 1, 3))], relays.SelectMany(relay => relay.Opened));
        AssertIsVoid(Assert.Single(_bench.Log(Room)));
    }

    [Fact]
    public void Interest_AskedAgain_ToldWhatWasTrimmedToo()
    {
        EdgeVoice a = Member();
        Publish(a, 1);
        Pass(a, AgeMilliseconds + 1);
        Publish(a, 2);
        a.Interest(Room);
        Assert.Equal([(Room, new Position(0, 0, 1, 2))], _bench.Flush().SelectMany(relay => relay.Trimmed));
    }

    [Fact]
    public void Loaded_ALoneVoidThatIsTooOld_StaysAndIsNobodysMessage()
    {
        EdgeVoice a = Member();
        Publish(a, 1);
        Pass(a, AgeMilliseconds + 1);
        Tick();
        Tick();
        _bench.Own(2);
        _bench.Now += 10 * AgeMilliseconds;
        EdgeVoice b = _bench.Edge("b");
        b.Interest(Room);
        Assert.True(_bench.Core.TryNextLoad(out ChannelState channel));
        Assert.True(ChannelLoad.TakePage(channel.Partitions[0], new LogPage([.. _bench.Log(Room)], false)));
        _bench.Core.Loaded(channel, _bench.Now);
        Assert.Equal(0, channel.Producers.Count);
        _bench.Flush();
        Assert.Empty(_bench.LastFlush.Appends);
        Assert.Empty(_bench.LastFlush.Trims);
        Assert.Equal(2UL, Assert.Single(_bench.Log(Room)).LastSeq);
    }

    [Fact]
    [Trait("Must", "R-ACK-4")]
    public void Publish_AfterAVoid_GoesOnBehindItAndOldNumbersAreExpired()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2);
        Pass(a, AgeMilliseconds + 1);
        Tick();
        Tick();
        a.Publish(Room, 2);
        a.Publish(Room, 3);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal([(1UL, ErrorCode.NumberExpired)], relays.SelectMany(relay => relay.Errors));
        Assert.Equal([(1UL, 3UL, 4UL, 1UL)], relays.SelectMany(relay => relay.Acks));
        Assert.Equal([3UL, 4UL], _bench.Log(Room).Select(entry => entry.LastSeq));
    }

    [Fact]
    public void Loaded_PublishesWaited_OneEntryBehindTheVoidAndNoOtherVoidWhenItIsOld()
    {
        EdgeVoice a = Member();
        Publish(a, 1);
        _bench.Own(2);
        _bench.Now += AgeMilliseconds + 1;
        EdgeVoice b = _bench.Edge("b");
        b.Publish(Room, 2);
        _bench.Load();
        Assert.Equal([(1UL, 2UL, 3UL, 2UL)], _bench.Flush().SelectMany(relay => relay.Acks));
        Assert.Equal([3UL], _bench.Log(Room).Select(entry => entry.LastSeq));
        _bench.Now += AgeMilliseconds + 1;
        Tick();
        AssertIsVoid(_bench.Log(Room)[^1]);
    }

    [Fact]
    public void Loaded_NewestCannotBeRead_ItsAgeIsNotKnownAndNothingIsRemoved()
    {
        _bench.Log(Room).Add(new LogEntry(1, 10, new byte[] { 0xc1 }));
        EdgeVoice a = _bench.Edge("a");
        a.Interest(Room);
        Assert.True(_bench.Core.TryNextLoad(out ChannelState channel));
        Assert.False(ChannelLoad.TakePage(channel.Partitions[0], new LogPage([.. _bench.Log(Room)], false)));
        _bench.Now += 2 * AgeMilliseconds;
        _bench.Core.Loaded(channel, _bench.Now);
        _bench.Flush();
        Assert.Empty(_bench.LastFlush.Appends);
        Assert.Empty(_bench.LastFlush.Trims);
    }

    [Fact]
    public void TryExpire_ChannelNobodyOpens_IsReadAndExpiredUnlessThereIsSomethingBetterToDo()
    {
        EdgeVoice a = Member();
        Publish(a, 1, 2);
        Assert.True(_bench.Core.TryExpire("room"u8, _bench.Now));
        Assert.False(_bench.Core.TryNextLoad(out _));
        _bench.Own(2);
        _bench.Now += AgeMilliseconds + 1;

        EdgeVoice b = _bench.Edge("b");
        b.Interest("other");
        Assert.False(_bench.Core.TryExpire("room"u8, _bench.Now));
        _bench.Load();
        Assert.True(_bench.Core.TryExpire("room"u8, _bench.Now));
        _bench.Load();
        _bench.Flush();
        AssertIsVoid(Assert.Single(_bench.Log(Room)));
        Assert.True(_bench.Core.TryExpire("not a room"u8, _bench.Now));
    }

    [Fact]
    public void TryExpire_TableIsFull_NobodyIsEvictedForIt()
    {
        EdgeVoice a = _bench.Edge("a");
        for (int i = 0; i < 200; i++)
        {
            a.Publish(i.ToString(CultureInfo.InvariantCulture), 1);
        }

        _bench.Load();
        _bench.Flush();
        Tick();
        Assert.Equal(200, _bench.Core.ChannelCount);
        Assert.False(_bench.Core.TryExpire("room"u8, _bench.Now));
    }

    public void Dispose() => _bench.Dispose();

    private static void AssertIsVoid(LogEntry entry)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
        Assert.Equal(1, body.Count);
        foreach (DeliverMessage message in body)
        {
            Assert.Equal(MessageKind.Void, message.Kind);
            Assert.Equal(("", 0UL, 0UL), (Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number));
            Assert.True(message.Payload.IsEmpty);
        }
    }

    private EdgeVoice Member()
    {
        EdgeVoice a = _bench.Edge("a");
        a.Interest(Room);
        _bench.Load();
        _bench.Flush();
        return a;
    }

    private void Pass(EdgeVoice edge, ulong milliseconds)
    {
        _bench.Now += milliseconds;
        edge.Now = _bench.Now;
        edge.Heartbeat();
    }

    // Each in an entry of its own.
    private void Publish(EdgeVoice edge, params ulong[] numbers)
    {
        foreach (ulong number in numbers)
        {
            edge.Publish(Room, number);
            Assert.Single(_bench.Flush().SelectMany(relay => relay.Acks));
        }
    }

    private List<RelayView> Tick()
    {
        _bench.Core.Tick(_bench.Now);
        return _bench.Flush();
    }
}
