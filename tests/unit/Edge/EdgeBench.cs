using System.Text;
using RelayServer.Edge;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>An edge's state machine with one master, whose relays the test writes.</summary>
internal sealed class EdgeBench : IDisposable
{
    public const string MasterId = "master";
    private ulong _relayNo;
    private ulong _sessionId;
    private uint _correlation;

    public EdgeBench(Action<EdgeOptions>? configure = null)
    {
        var options = new EdgeOptions();
        configure?.Invoke(options);
        Core = new EdgeCore(options, Encoding.UTF8.GetBytes("edge"), Effects, new EdgeCounters());
    }

    public RecordingEffects Effects { get; } = new();

    public EdgeCore Core { get; }

    public ulong Now { get; set; } = 1000;

    public void OwnSlots() =>
        Core.SlotsChanged([.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, MasterId, 1))], Now);

    public EdgeSession SignIn(string user = "alice")
    {
        var session = new EdgeSession(++_sessionId, Encoding.UTF8.GetBytes(user)) { Capabilities = Capabilities.Ephemeral };
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

    private static byte[] Body(string channel, ulong epoch, ulong first, ulong last)
    {
        using var messages = new PooledBuffer();
        for (ulong seq = first; seq <= last; seq++)
        {
            new DeliverMessage { Kind = MessageKind.Text, From = "alice"u8, ProducerId = 7, Number = seq, Payload = "line"u8 }
                .TryEncode(messages.Reserve(DeliverMessage.OverheadBytesMax + 20), out int bytes);
            messages.Advance(bytes);
        }

        var body = new byte[DeliverBody.OverheadBytesMax + channel.Length + messages.WrittenBytes];
        new DeliverBody
        {
            Channel = Encoding.UTF8.GetBytes(channel), First = new Position(0, 0, epoch, first), Count = (int)(last - first + 1), EncodedMessages = messages.WrittenSpan,
        }.TryEncode(body, out int bodyBytes);
        return body[..bodyBytes];
    }

    public void Relay(in RelayRecord record)
    {
        var bytes = new byte[RelayHeader.BytesMax + RelayRecord.TopBytesMax + record.Body.Length];
        var writer = new MessagePackWriter(bytes);
        new RelayHeader { MasterId = Encoding.UTF8.GetBytes(MasterId), Link = 1, RelayNo = ++_relayNo }.Write(ref writer);
        record.Write(ref writer);
        Assert.True(Core.Relay(bytes.AsSpan(0, writer.WrittenBytes), Now));
        Core.Flush(Now);
    }
}
