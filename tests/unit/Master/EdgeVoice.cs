using System.Buffers.Binary;
using System.Net;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>What an edge would say to a master, said by the test.</summary>
internal sealed class EdgeVoice(MasterCore core, string id)
{
    private List<byte>? _records;

    public ulong Now { get; set; } = 1000;

    public ulong Link { get; set; }

    public ulong BatchNo { get; set; }

    public ulong Confirmed { get; set; }

    /// <summary>Where its clients come from; null where it does not say.</summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>What the tokens of its clients name; empty where they name none.</summary>
    public string Service { get; set; } = "";

    public string Address => FabricAddress.Edge(id).Value;

    public void Publish(
        string channel, ulong number, ulong session = 1, string user = "alice", ulong producerId = 7,
        FrameFlags flags = FrameFlags.AckWanted, int payloadBytes = 5, Role role = Role.None)
    {
        var body = new byte[PublishBody.OverheadBytesMax + channel.Length + payloadBytes];
        new PublishBody
        {
            Channel = Encoding.UTF8.GetBytes(channel), ProducerId = producerId, Number = number, Kind = MessageKind.Data, Payload = new byte[payloadBytes],
        }.TryEncode(body, out int bytes);
        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Publish, Session = session, Flags = flags, UserId = Encoding.UTF8.GetBytes(user), Role = (byte)role,
            PublishBody = body.AsSpan(0, bytes),
        });
    }

    /// <summary>Asks for a change of the room, as an operator unless something else is said.</summary>
    public void Control(
        string channel, RoomControl control, ulong number, ulong session = 1, string user = "olga", Role role = Role.Operator, ulong producerId = 8,
        FrameFlags flags = FrameFlags.AckWanted) =>
        Publish(channel, MessageKind.Control, control.Encode(), number, session, user, role, producerId, flags);

    /// <summary>Says something with the role that the token gives.</summary>
    public void Speak(string channel, ulong number, string user, Role role = Role.Member, ulong session = 1, string text = "hello", ulong producerId = 7) =>
        Publish(channel, MessageKind.Text, Encoding.UTF8.GetBytes(text), number, session, user, role, producerId);

    /// <summary>Answers a census with these members.</summary>
    public void Census(string channel, ulong ticket, IEnumerable<string> users)
    {
        byte[] buckets = new byte[UpstreamRecord.CensusBytes];
        foreach (string user in users)
        {
            Span<byte> bucket = buckets.AsSpan(MemberBucket.Of(Encoding.UTF8.GetBytes(user)) * sizeof(ushort));
            BinaryPrimitives.WriteUInt16BigEndian(bucket, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bucket) + 1));
        }

        Send(new UpstreamRecord { Kind = UpstreamKind.Census, Channel = Encoding.UTF8.GetBytes(channel), Ticket = ticket, Buckets = buckets });
    }

    /// <summary>Tells the members of a partition or several; their names, unless they are too many.</summary>
    public void Presence(string channel, ulong generation, uint[] counts, params string[]? names)
    {
        var encodedCounts = new byte[counts.Length * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(encodedCounts);
        foreach (uint count in counts)
        {
            writer.WriteUInt64(count);
        }

        byte[] encodedNames = new byte[names?.Sum(name => MessagePackWriter.HeadBytesMax + name.Length) ?? 0];
        var nameWriter = new MessagePackWriter(encodedNames);
        foreach (string name in names ?? [])
        {
            nameWriter.WriteString(Encoding.UTF8.GetBytes(name));
        }

        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Presence, Channel = Encoding.UTF8.GetBytes(channel), Generation = generation,
            Counts = new EncodedList<MemberCount>(encodedCounts.AsSpan(0, writer.WrittenBytes), counts.Length),
            HasNames = names is not null, Names = new EncodedList<MemberName>(encodedNames.AsSpan(0, nameWriter.WrittenBytes), names?.Length ?? 0),
        });
    }

    /// <summary>Tells of reactions.</summary>
    public void React(string channel, params (byte Reaction, uint Count)[] reactions)
    {
        var encoded = new byte[2 * reactions.Length * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(encoded);
        foreach ((byte reaction, uint count) in reactions)
        {
            writer.WriteUInt64(reaction);
            writer.WriteUInt64(count);
        }

        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Reactions, Channel = Encoding.UTF8.GetBytes(channel),
            Reactions = new EncodedList<ReactionCount>(encoded.AsSpan(0, writer.WrittenBytes), reactions.Length),
        });
    }

    /// <summary>Asks for what is encoded.</summary>
    public void Query(byte[] body, string user = "alice", Role role = Role.None, ulong session = 1, uint correlation = 5) => Send(new UpstreamRecord
    {
        ClientAddress = ClientAddress, Kind = UpstreamKind.Query, Session = session, Correlation = correlation, UserId = Encoding.UTF8.GetBytes(user), Role = (byte)role, QueryBody = body,
    });

    /// <summary>Asks about a room.</summary>
    public void Query(QueryKind what, string channel, string user = "alice", Role role = Role.None, ulong session = 1, uint correlation = 5)
    {
        var body = new byte[QueryBody.OverheadBytesMax + channel.Length];
        Assert.True(new QueryBody { What = what, Channel = Encoding.UTF8.GetBytes(channel) }.TryEncode(body, out int bytes));
        Query(body[..bytes], user, role, session, correlation);
    }

    /// <summary>Asks for rooms.</summary>
    public void QueryRooms(string search = "", string after = "", byte max = 0, byte? state = null, Role role = Role.None, string user = "alice")
    {
        var body = new byte[QueryBody.OverheadBytesMax + search.Length + after.Length];
        var query = new QueryBody
        {
            What = QueryKind.Rooms, State = state, Search = Encoding.UTF8.GetBytes(search), After = Encoding.UTF8.GetBytes(after), Max = max,
        };
        Assert.True(query.TryEncode(body, out int bytes));
        Query(body[..bytes], user, role);
    }

    public void Interest(string channel, bool observe = false) =>
        Send(new UpstreamRecord { Kind = UpstreamKind.Interest, Channel = Encoding.UTF8.GetBytes(channel), Observe = observe });

    public void Disinterest(string channel) => Send(new UpstreamRecord { Kind = UpstreamKind.Disinterest, Channel = Encoding.UTF8.GetBytes(channel) });

    public void Heartbeat()
    {
        var bytes = new byte[UpstreamHeader.BytesMax];
        var writer = new MessagePackWriter(bytes);
        WriteHead(ref writer, 0);
        Assert.True(core.Receive(bytes.AsSpan(0, writer.WrittenBytes), Now));
    }

    /// <summary>A session is an instance of a service, or with no definition is so no longer.</summary>
    public void Register(string service, byte[] definition, ulong session = 50, uint correlation = 9) => Send(new UpstreamRecord
    {
        Kind = UpstreamKind.Register, Session = session, Correlation = correlation, Service = Encoding.UTF8.GetBytes(service), Body = definition,
    });

    /// <summary>An instance answers a call.</summary>
    public void Return(string service, byte[] body, ulong session = 50, uint correlation = 10) => Send(new UpstreamRecord
    {
        Kind = UpstreamKind.Return, Session = session, Correlation = correlation, Service = Encoding.UTF8.GetBytes(service), Body = body,
    });

    /// <summary>A user gives a command.</summary>
    public void Command(byte[] body, string user = "alice", uint id = 3, ulong session = 1, bool isLine = false, Role role = Role.None) => Send(new UpstreamRecord
    {
        Kind = UpstreamKind.Command, Session = session, Correlation = id, UserId = Encoding.UTF8.GetBytes(user), Role = (byte)role,
        Body = body, IsLine = isLine, ClientAddress = ClientAddress,
    });

    /// <summary>A service sends an update.</summary>
    public void Update(string channel, byte[] payload, ulong number, string service = "news", ulong session = 50)
    {
        byte[] name = Encoding.UTF8.GetBytes(channel);
        var body = new byte[PublishBody.OverheadBytesMax + name.Length + payload.Length];
        new PublishBody { Channel = name, ProducerId = 77, Number = number, Kind = MessageKind.Update, Payload = payload }.TryEncode(body, out int bytes);
        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Publish, Session = session, Flags = FrameFlags.AckWanted, UserId = "news-bot"u8, Role = (byte)Role.Service,
            PublishBody = body.AsSpan(0, bytes), Service = Encoding.UTF8.GetBytes(service),
        });
    }

    private void Publish(
        string channel, MessageKind kind, byte[] payload, ulong number, ulong session, string user, Role role, ulong producerId,
        FrameFlags flags = FrameFlags.AckWanted)
    {
        var body = new byte[PublishBody.OverheadBytesMax + channel.Length + payload.Length];
        new PublishBody
        {
            Channel = Encoding.UTF8.GetBytes(channel), ProducerId = producerId, Number = number, Kind = kind, Payload = payload,
        }.TryEncode(body, out int bytes);
        Send(new UpstreamRecord
        {
            Kind = UpstreamKind.Publish, Session = session, Flags = flags, UserId = Encoding.UTF8.GetBytes(user),
            Role = (byte)role, PublishBody = body.AsSpan(0, bytes), ClientAddress = ClientAddress, Service = Encoding.UTF8.GetBytes(Service),
        });
    }

    /// <summary>What is said meanwhile goes in one batch.</summary>
    public void Batch(Action speak)
    {
        _records = [];
        speak();
        byte[] records = [.. _records];
        _records = null;
        var bytes = new byte[UpstreamHeader.BytesMax + records.Length];
        var writer = new MessagePackWriter(bytes);
        WriteHead(ref writer, ++BatchNo);
        writer.WriteRaw(records);
        Assert.True(core.Receive(bytes.AsSpan(0, writer.WrittenBytes), Now));
    }

    private void Send(in UpstreamRecord record)
    {
        if (_records is not null)
        {
            var encoded = new byte[record.EncodedBytesMax];
            var recordWriter = new MessagePackWriter(encoded);
            record.Write(ref recordWriter);
            _records.AddRange(encoded.AsSpan(0, recordWriter.WrittenBytes));
            return;
        }

        var bytes = new byte[UpstreamHeader.BytesMax + record.EncodedBytesMax];
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
