using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Master;

/// <summary>What an edge would say to a master, said by the test.</summary>
internal sealed class EdgeVoice(MasterCore core, string id)
{
    public ulong Now { get; set; } = 1000;

    public ulong Link { get; set; }

    public ulong BatchNo { get; set; }

    public ulong Confirmed { get; set; }

    public string Address => FabricAddress.Edge(id).Value;

    public void Publish(
        string channel, ulong number, ulong session = 1, string user = "alice", ulong producerId = 7,
        FrameFlags flags = FrameFlags.AckWanted, int payloadBytes = 5)
    {
        var body = new byte[PublishBody.OverheadBytesMax + channel.Length + payloadBytes];
        new PublishBody
        {
            Channel = Encoding.UTF8.GetBytes(channel), ProducerId = producerId, Number = number, Kind = MessageKind.Data, Payload = new byte[payloadBytes],
        }.TryEncode(body, out int bytes);
        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Publish, Session = session, Flags = flags, UserId = Encoding.UTF8.GetBytes(user), PublishBody = body.AsSpan(0, bytes),
        });
    }

    public void Interest(string channel) => Send(new UpstreamRecord { Kind = UpstreamKind.Interest, Channel = Encoding.UTF8.GetBytes(channel) });

    public void Disinterest(string channel) => Send(new UpstreamRecord { Kind = UpstreamKind.Disinterest, Channel = Encoding.UTF8.GetBytes(channel) });

    public void Heartbeat()
    {
        var bytes = new byte[UpstreamHeader.BytesMax];
        var writer = new MessagePackWriter(bytes);
        WriteHead(ref writer, 0);
        Assert.True(core.Receive(bytes.AsSpan(0, writer.WrittenBytes), Now));
    }

    private void Send(in UpstreamRecord record)
    {
        var bytes = new byte[UpstreamHeader.BytesMax + UpstreamRecord.PublishOverheadBytesMax + 200 + record.PublishBody.Length + record.Channel.Length];
        var writer = new MessagePackWriter(bytes);
        WriteHead(ref writer, ++BatchNo);
        record.Write(ref writer);
        Assert.True(core.Receive(bytes.AsSpan(0, writer.WrittenBytes), Now));
    }

    private void WriteHead(ref MessagePackWriter writer, ulong batchNo) => new UpstreamHeader
    {
        EdgeId = Encoding.UTF8.GetBytes(id), Link = Link, BatchNo = batchNo, ConfirmedRelayNo = Confirmed,
    }.Write(ref writer);
}
