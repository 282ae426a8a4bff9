using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>A relay as an edge reads it.</summary>
internal sealed class RelayView
{
    public RelayView(FabricFlush flush, FabricRelay relay)
    {
        To = relay.To.Value;
        var reader = new MessagePackReader(relay.Head.Span);
        RelayHeader header = RelayHeader.Read(ref reader);
        (Link, RelayNo, Received, Completed) = (header.Link, header.RelayNo, header.ReceivedBatchNo, header.CompletedBatchNo);
        while (reader.RemainingBytes > 0)
        {
            RelayRecord record = RelayRecord.Read(ref reader);
            Assert.Equal(DecodeStatus.Ok, reader.Status);
            Add(record);
        }

        foreach (int index in relay.Appends)
        {
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(flush.Appends[index].Body.Span, out DeliverBody body));
            foreach (DeliverMessage message in body)
            {
                Delivered.Add((message.Seq, message.Number));
                Messages.Add((body.First.Generation, body.First.Partition, message.Seq, message.Kind, message.Number));
            }
        }
    }

    public string To { get; }

    public ulong Link { get; }

    public ulong RelayNo { get; }

    public ulong Received { get; }

    public ulong Completed { get; }

    public List<(ulong Session, ulong Number, ulong Seq, ulong Epoch)> Acks { get; } = [];

    public List<(ulong Session, ErrorCode Code)> Errors { get; } = [];

    public List<(string Channel, Position Top)> Opened { get; } = [];

    public List<(string Channel, Position Top)> Tops { get; } = [];

    public List<(string Channel, Position First)> Trimmed { get; } = [];

    public List<(ulong Seq, ulong Number)> Delivered { get; } = [];

    /// <summary>The same, with the log that each is in.</summary>
    public List<(ulong Generation, uint Partition, ulong Seq, MessageKind Kind, ulong Number)> Messages { get; } = [];

    public List<RoomState> Rooms { get; } = [];

    public List<ulong> Censuses { get; } = [];

    /// <summary>The rooms whose members are to be counted.</summary>
    public List<string> CountedRooms { get; } = [];

    /// <summary>Messages that are in the log and not for members: the first, and the place of the last.</summary>
    public List<(ulong First, Position Last)> Skipped { get; } = [];

    /// <summary>Logs and places of acks.</summary>
    public List<(ulong Number, Position At)> Places { get; } = [];

    public int Ephemerals { get; private set; }

    /// <summary>Who came and went, with the partition that was told.</summary>
    public List<(uint Partition, bool HasJoined, string User)> Notices { get; } = [];

    public List<(string Channel, uint Total, ulong Generation, uint[] Partitions)> Counts { get; } = [];

    public List<(string Channel, (byte Reaction, uint Count)[] Sums)> Reactions { get; } = [];

    public List<(ulong Session, uint Correlation, byte[] Body)> Answers { get; } = [];

    /// <summary>What commands came to, by what their edge calls them.</summary>
    public List<(ulong Session, uint Id, FrameType Type, byte[] Body)> Outcomes { get; } = [];

    /// <summary>Frames for the sessions of services.</summary>
    public List<(ulong Session, FrameType Type, uint Correlation, byte[] Body)> Frames { get; } = [];

    /// <summary>Services that came and went.</summary>
    public List<(string Channel, string Service, bool IsAvailable)> Services { get; } = [];

    /// <summary>Channels that publishes are acknowledged in.</summary>
    public List<string> AckedChannels { get; } = [];

    /// <summary>Errors as the client gets them.</summary>
    public List<(uint Correlation, ErrorCode Code, uint RetryMilliseconds, string Channel)> Refusals { get; } = [];

    private void Add(in RelayRecord record)
    {
        switch (record.Kind)
        {
            case RelayKind.Ack:
                Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(record.Body, out PubAckBody ack));
                AckedChannels.Add(Encoding.UTF8.GetString(ack.Channel));
                foreach ((ulong number, ulong seq) in ack)
                {
                    Acks.Add((record.Session, number, seq, ack.Log.Epoch));
                    Places.Add((number, ack.Log with { Seq = seq }));
                }

                break;
            case RelayKind.Error:
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(record.Body, out ErrorBody error));
                Errors.Add((record.Session, error.Code));
                Refusals.Add((record.Correlation, error.Code, error.RetryAfterMilliseconds, Encoding.UTF8.GetString(error.Channel)));
                break;
            case RelayKind.Opened:
                Opened.Add((Encoding.UTF8.GetString(record.Channel), record.Top));
                break;
            case RelayKind.Top:
                Tops.Add((Encoding.UTF8.GetString(record.Channel), record.Top));
                break;
            case RelayKind.Trimmed:
                Trimmed.Add((Encoding.UTF8.GetString(record.Channel), record.Top));
                break;
            case RelayKind.Room:
                Rooms.Add(Assert.IsType<RoomState>(RoomState.Decode(record.Body)));
                break;
            case RelayKind.Skipped:
                Skipped.Add((record.FirstSeq, record.Top));
                break;
            case RelayKind.Census:
                Censuses.Add(record.Ticket);
                CountedRooms.Add(Encoding.UTF8.GetString(record.Channel));
                break;
            case RelayKind.Ephemeral:
                Ephemerals++;
                AddNotices(record.Body);
                break;
            case RelayKind.Push:
                AddPush(record);
                break;
            case RelayKind.Outcome:
                Outcomes.Add((record.Session, record.Correlation, record.FrameType, record.Body.ToArray()));
                break;
            case RelayKind.Frame:
                Frames.Add((record.Session, record.FrameType, record.Correlation, record.Body.ToArray()));
                break;
            case RelayKind.Answer:
                Answers.Add((record.Session, record.Correlation, record.Body.ToArray()));
                break;
        }
    }

    private void AddNotices(ReadOnlySpan<byte> body)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
        foreach (DeliverMessage message in deliver)
        {
            if (message.Kind == MessageKind.Presence)
            {
                Assert.Equal((0, 0UL, 0UL, 0UL), (message.From.Length, message.ProducerId, message.Number, deliver.First.Seq));
                var reader = new MessagePackReader(message.Payload);
                Assert.Equal(0, reader.ReadTupleHeader(2));
                Notices.Add((deliver.First.Partition, reader.ReadUInt64(1) == 1, Encoding.UTF8.GetString(reader.ReadString(ProtocolLimits.UserIdBytesMax))));
                Assert.Equal(DecodeStatus.Ok, reader.Finish());
            }
        }
    }

    private void AddPush(in RelayRecord record)
    {
        string channel = Encoding.UTF8.GetString(record.Channel);
        if (record.FrameType == FrameType.Counts)
        {
            Assert.Equal(DecodeStatus.Ok, CountsBody.TryDecode(record.Body, out CountsBody counts));
            Assert.Equal(record.Channel, counts.Channel);
            List<uint> partitions = [];
            foreach (MemberCount members in counts.Partitions)
            {
                partitions.Add(members.Value);
            }

            Counts.Add((channel, counts.Total, counts.Generation, [.. partitions]));
            return;
        }

        if (record.FrameType == FrameType.Service)
        {
            Assert.Equal(DecodeStatus.Ok, ServiceBody.TryDecode(record.Body, out ServiceBody service));
            Services.Add((channel, Encoding.UTF8.GetString(service.Name), service.IsAvailable));
            return;
        }

        Assert.Equal(FrameType.Reactions, record.FrameType);
        Assert.Equal(DecodeStatus.Ok, ReactionsBody.TryDecode(record.Body, out ReactionsBody reactions));
        List<(byte Reaction, uint Count)> sums = [];
        foreach ((byte reaction, uint count) in reactions.Reactions)
        {
            sums.Add((reaction, count));
        }

        Reactions.Add((channel, [.. sums]));
    }
}
