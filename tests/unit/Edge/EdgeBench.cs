using System.Text;
using RelayServer.Edge;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>An edge's state machine with one master, whose relays the test writes.</summary>
internal sealed class EdgeBench : IDisposable
{
    public const string MasterId = "master";
    private ulong _relayNo;
    private ulong _sessionId;
    private uint _correlation;
    private ulong _receivedBatchNo;
    private ulong _completedBatchNo;

    public EdgeBench(Action<EdgeOptions>? configure = null, string edgeId = "edge")
    {
        var options = new EdgeOptions();
        configure?.Invoke(options);
        Core = new EdgeCore(options, Encoding.UTF8.GetBytes(edgeId), Effects, Counters);
    }

    public RecordingEffects Effects { get; } = new();

    public EdgeCounters Counters { get; } = new();

    public EdgeCore Core { get; }

    public ulong Now { get; set; } = 1000;

    /// <summary>Of those who sign in from now on.</summary>
    public Capabilities Capabilities { get; set; } = Capabilities.Ephemeral;

    public System.Net.IPAddress? Address { get; set; }

    public void OwnSlots(ulong epoch = 1, string masterId = MasterId) =>
        Core.SlotsChanged([.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, masterId, epoch))], Now);

    public EdgeSession SignIn(string user = "alice", Role role = Role.None, string service = "", params string[]? consents)
    {
        var session = new EdgeSession(++_sessionId, Encoding.UTF8.GetBytes(user))
        {
            Capabilities = Capabilities, Role = role, Address = Address, Service = Encoding.UTF8.GetBytes(service),
            Consents = consents is { Length: > 0 } ? consents.ToHashSet() : null,
        };
        Core.SessionOpened(session);
        return session;
    }

    public uint Join(EdgeSession session, string channel, JoinStart start = JoinStart.Live, uint last = 0, Position position = default)
    {
        Core.Frames(session, ClientFrames.Join(++_correlation, channel, start, last, position), Now);
        return _correlation;
    }

    public uint Leave(EdgeSession session, string channel)
    {
        Core.Frames(session, ClientFrames.Leave(++_correlation, channel), Now);
        return _correlation;
    }

    public uint Publish(EdgeSession session, string channel, ulong number, FrameFlags flags = FrameFlags.AckWanted)
    {
        Core.Frames(session, ClientFrames.Publish(++_correlation, channel, 7, number, flags), Now);
        return _correlation;
    }

    /// <summary>A relay with an answer to an interest.</summary>
    public void Opened(string channel, ulong epoch, ulong seq) => Relay(new RelayRecord
    {
        Kind = RelayKind.Opened, Channel = Encoding.UTF8.GetBytes(channel), Top = new Position(0, 0, epoch, seq),
    });

    public void Top(string channel, ulong epoch, ulong seq) => Relay(new RelayRecord
    {
        Kind = RelayKind.Top, Channel = Encoding.UTF8.GetBytes(channel), Top = new Position(0, 0, epoch, seq),
    });

    public void Deliver(string channel, ulong epoch, ulong first, ulong last) =>
        Relay(new RelayRecord { Kind = RelayKind.Deliver, Body = Body(channel, epoch, first, last) });

    public static LogEntry Entry(string channel, ulong epoch, ulong first, ulong last) => new(epoch, last, Body(channel, epoch, first, last));

    public void Dispose() => Core.Dispose();

    public static byte[] Body(string channel, Position first, int count, MessageKind kind, ReadOnlySpan<byte> payload, string from)
    {
        using var messages = new PooledBuffer();
        for (ulong seq = first.Seq; seq < first.Seq + (ulong)count; seq++)
        {
            new DeliverMessage { Kind = kind, From = Encoding.UTF8.GetBytes(from), ProducerId = 7, Number = seq, Payload = payload }
                .TryEncode(messages.Reserve(DeliverMessage.OverheadBytesMax + from.Length + payload.Length), out int bytes);
            messages.Advance(bytes);
        }

        var body = new byte[DeliverBody.OverheadBytesMax + channel.Length + messages.WrittenBytes];
        new DeliverBody { Channel = Encoding.UTF8.GetBytes(channel), First = first, Count = count, EncodedMessages = messages.WrittenSpan }
            .TryEncode(body, out int bodyBytes);
        return body[..bodyBytes];
    }

    /// <summary>The link's number from now on: another one means that the master has forgotten the edge.</summary>
    public ulong Link { get; set; } = 1;

    /// <summary>The master has all that was sent: what has gathered meanwhile goes.</summary>
    public void ReceiveAll()
    {
        foreach (byte[] message in Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            _receivedBatchNo = Math.Max(_receivedBatchNo, UpstreamHeader.Read(ref reader).BatchNo);
        }

        Relay(Array.Empty<byte[]>());
    }

    /// <summary>The same, and all in it is answered.</summary>
    public void CompleteAll()
    {
        ReceiveAll();
        _completedBatchNo = _receivedBatchNo;
        Relay(Array.Empty<byte[]>());
    }

    /// <summary>A relay does not arrive: the next one shows it.</summary>
    public void LoseRelay() => _relayNo++;

    public void Relay(in RelayRecord record)
    {
        var bytes = new byte[record.EncodedBytesMax];
        var writer = new MessagePackWriter(bytes);
        record.Write(ref writer);
        Relay([bytes[..writer.WrittenBytes]]);
    }

    public void Relay(IEnumerable<byte[]> records)
    {
        byte[] all = [.. records.SelectMany(record => record)];
        var bytes = new byte[RelayHeader.BytesMax + all.Length];
        var writer = new MessagePackWriter(bytes);
        new RelayHeader { MasterId = Encoding.UTF8.GetBytes(MasterId), Link = Link, RelayNo = ++_relayNo, ReceivedBatchNo = _receivedBatchNo, CompletedBatchNo = _completedBatchNo }
            .Write(ref writer);
        writer.WriteRaw(all);
        Assert.True(Core.Relay(bytes.AsSpan(0, writer.WrittenBytes), Now));
        Core.Flush(Now);
    }

    private static byte[] Body(string channel, ulong epoch, ulong first, ulong last) =>
        Body(channel, new Position(0, 0, epoch, first), (int)(last - first + 1), MessageKind.Text, "line"u8, "alice");
}
