using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;

namespace RelayServer.UnitTests.Master;

/// <summary>More than people can read is logged and told, not relayed.</summary>
public sealed class DeliveryCapTests : IDisposable
{
    private const string Room = "room";

    // Nobody's at the edge of the last test.
    private const ulong Session = 99;
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private ulong _number;

    public DeliveryCapTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    [Trait("Must", "R-DCAP-1")]
    [Trait("Must", "R-DCAP-2")]
    public void Speak_AboveTheCap_IsLoggedAndAckedAndToldAsSkippedWhereItIs()
    {
        Set(2);
        Speak("ann", 4);
        Speak("shop", 1, Role.Service);
        Speak("ann", 1);
        RelayView relay = Assert.Single(_bench.Flush());

        // Half of the cap is kept for who was not heard yet.
        Assert.Equal([2UL, 6UL], relay.Delivered.Select(message => message.Seq));
        Assert.Equal([(3UL, new Position(0, 0, 1, 5)), (7UL, new Position(0, 0, 1, 7))], relay.Skipped);
        Assert.Equal([2UL, 3UL, 4UL, 5UL, 6UL, 7UL], relay.Acks.Select(ack => ack.Seq).Order());
        Assert.Equal([1UL, 2UL, 5UL, 6UL, 7UL], _bench.Log(Room).Select(entry => entry.LastSeq));
        Assert.Equal(4, _bench.Counters.Skipped);
    }

    [Fact]
    public void Speak_CapOff_NothingIsSkipped()
    {
        Speak("ann", 100);
        Assert.Equal(100, Relay().Delivered.Count);
        Set(1);
        Speak("ann", 2);
        Assert.Single(Relay().Delivered);
        Set(0);
        Speak("ann", 100);
        RelayView relay = Relay();
        Assert.Equal(100, relay.Delivered.Count);
        Assert.Empty(relay.Skipped);
    }

    [Fact]
    public void Publish_SkippedMessageAgain_IsAckedAsItWasAndNotCounted()
    {
        Set(1);
        Speak("ann", 2);
        ulong seq = Relay().Acks.Max(ack => ack.Seq);
        _number--;
        Speak("ann", 1);
        RelayView relay = Relay();
        Assert.Equal(seq, Assert.Single(relay.Acks).Seq);
        Assert.Empty(relay.Skipped);
        Assert.Equal(1, _bench.Counters.Skipped);
    }

    [Fact]
    public void Speak_SplitRoom_EveryPartitionHasItsOwnCapAndItsEdgesAreTold()
    {
        EdgeVoice b = _bench.Edge("b-0002");
        b.Interest(Room);
        Set(1);
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        Flush(b);
        Speak("ann", 2);
        b.Speak(Room, 1, "ben");
        List<RelayView> relays = Flush(b);
        RelayView toB = Assert.Single(relays, relay => relay.To == b.Address);
        Assert.Equal((1UL, 1U, 2UL, MessageKind.Text, 1UL), Assert.Single(toB.Messages));
        Assert.Empty(toB.Skipped);
        Assert.Equal((3UL, new Position(1, 0, 1, 3)), Assert.Single(Assert.Single(relays, relay => relay.To == _a.Address).Skipped));
    }

    [Fact]
    [Trait("Must", "R-DCAP-2")]
    public void Publish_EphemeralControlAndSplitAboveTheCap_AreRelayed()
    {
        Set(1);
        Speak("ann", 2);
        _a.Publish(Room, 0, user: "ann", flags: FrameFlags.Ephemeral);
        _a.Control(Room, RoomControl.Notice("hello"), ++_number);
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        RelayView relay = Relay();
        Assert.Equal(1, relay.Ephemerals);
        Assert.Equal([0UL, 1UL], relay.Messages.Where(message => message.Kind == MessageKind.Split).Select(message => message.Generation));
        Assert.Contains(relay.Messages, message => message.Kind == MessageKind.Room);
        Assert.Single(relay.Skipped);
    }

    [Fact]
    [Trait("Must", "R-DCAP-3")]
    public void Ephemeral_AboveTheCap_IsDroppedAndToldToNobody()
    {
        Set(4);
        Type("ann", 100);
        RelayView relay = Relay();

        // Half of the cap is kept for who was not heard yet.
        Assert.Equal(2, relay.Ephemerals);
        Assert.Empty(relay.Errors);
        Assert.Equal(98, _bench.Counters.EphemeralsDropped);
        Assert.Equal(0, _bench.Counters.Skipped);
        Assert.Single(_bench.Log(Room));
        Type("ben", 1);
        Assert.Equal(1, Relay().Ephemerals);
        Type("shop", 100, Role.Service);
        Assert.Equal(100, Relay().Ephemerals);
        _bench.Now += 1000;
        _a.Now = _bench.Now;
        Type("ann", 1);
        Assert.Equal(1, Relay().Ephemerals);
        Set(0);
        Type("ann", 100);
        Assert.Equal(100, Relay().Ephemerals);
    }

    [Fact]
    [Trait("Must", "R-DCAP-3")]
    public void Ephemeral_AboveTheCap_TakesNoMessagesPlace()
    {
        Set(1);
        Type("ann", 10);
        Speak("ann", 1);
        RelayView relay = Relay();
        Assert.Equal(1, relay.Ephemerals);
        Assert.Single(relay.Delivered);
        Assert.Empty(relay.Skipped);
    }

    [Fact]
    [Trait("Must", "R-DCAP-3")]
    public void Ephemeral_SplitRoom_EveryPartitionHasItsOwnCap()
    {
        EdgeVoice b = _bench.Edge("b-0002");
        b.Interest(Room);
        Set(1);
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        Flush(b);
        Type("ann", 10);
        b.Publish(Room, 0, user: "ben", flags: FrameFlags.Ephemeral);
        List<RelayView> relays = Flush(b);
        Assert.Equal([1, 1], relays.Select(relay => relay.Ephemerals));
    }

    [Fact]
    public void Set_CapOutOfRange_IsRefused()
    {
        _a.Control(Room, RoomControl.Set(RoomSetting.DeliveryCapPerSecond, 100_001), ++_number);
        Assert.Equal(ErrorCode.BadArgument, Assert.Single(Relay().Errors).Code);
        Speak("ann", 10);
        Assert.Equal(10, Relay().Delivered.Count);
    }

    [Fact]
    [Trait("Must", "R-DCAP-1")]
    public void Speak_AboveTheCap_MembersAtAnEdgeSeeAGapOfThem()
    {
        using var edge = new SplitBench();
        EdgeSession session = edge.Join();
        edge.Answer();
        _a.Control(Room, RoomControl.Set(RoomSetting.DeliveryCapPerSecond, 2), ++_number, Session);
        edge.Bench.Relay(FlushToRecords());
        Speak("ann", 3);
        Speak("shop", 1, Role.Service);
        Speak("ann", 1);
        edge.Bench.Relay(FlushToRecords());
        Assert.Equal("joined 0/0/0, 0/0/1?, 0/0/2, Skipped 0/0/4, 0/0/5, Skipped 0/0/6", edge.Story(session));
        Assert.Empty(edge.Effects.Reads);
    }

    public void Dispose() => _bench.Dispose();

    private void Set(ulong perSecond)
    {
        _a.Control(Room, RoomControl.Set(RoomSetting.DeliveryCapPerSecond, perSecond), ++_number, Session);
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Errors));
    }

    private void Speak(string user, int messages, Role role = Role.Member)
    {
        for (int i = 0; i < messages; i++)
        {
            _a.Speak(Room, ++_number, user, role, Session);
        }
    }

    private void Type(string user, int notices, Role role = Role.Member)
    {
        for (int i = 0; i < notices; i++)
        {
            _a.Publish(Room, 0, user: user, flags: FrameFlags.Ephemeral, role: role);
        }
    }

    // As an edge gets them, without the head of the relay. Once a flush is over its memory is another's.
    private byte[][] FlushToRecords()
    {
        _bench.Build();
        FabricFlush flush = _bench.LastFlush;
        FabricRelay relay = Assert.Single(flush.Relays);
        var reader = new MessagePackReader(relay.Head.Span);
        RelayHeader.Read(ref reader);
        List<byte[]> records = [relay.Head.Span[reader.Offset..].ToArray()];
        foreach (int index in relay.Appends)
        {
            var deliver = new RelayRecord { Kind = RelayKind.Deliver, Body = flush.Appends[index].Body.Span };
            var bytes = new byte[deliver.EncodedBytesMax];
            var writer = new MessagePackWriter(bytes);
            deliver.Write(ref writer);
            records.Add(bytes[..writer.WrittenBytes]);
        }

        _bench.Core.FlushDone();
        return [.. records];
    }

    private RelayView Relay() => Assert.Single(Flush());

    private List<RelayView> Flush(params EdgeVoice[] others)
    {
        List<RelayView> relays = _bench.Flush();
        foreach (EdgeVoice edge in others.Append(_a))
        {
            edge.Confirmed = Math.Max(edge.Confirmed, relays.Where(relay => relay.To == edge.Address).Select(relay => relay.RelayNo).LastOrDefault());
        }

        return relays;
    }
}
