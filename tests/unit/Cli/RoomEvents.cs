using System.Text;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

/// <summary>Events of a room as the client library gives them.</summary>
internal static class RoomEvents
{
    public const string Room = "sale";
    public const ulong OwnProducerId = 1;
    public static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    public static RelayEvent Message(Position at, string from, string text, ulong producerId = 7, ulong number = 1) =>
        Entry(at, from, MessageKind.Text, Encoding.UTF8.GetBytes(text), producerId, number);

    public static RelayEvent Change(RoomControl control, string from = "anna", Position? at = null, ulong number = 1) =>
        Entry(at ?? new Position(0, 0, 1, 1), from, MessageKind.Room, control.EncodeForLog(), 9, number);

    public static RelayEvent Split(SplitNotice notice, Position at) => Entry(at, "anna", MessageKind.Split, notice.Encode(), 9, 1);

    public static RelayEvent Deleted(Position at, string from) => Entry(at, from, MessageKind.Deleted, [], 7, 1);

    public static RelayEvent Update(string service, ServiceCard card, Position? at = null, ulong number = 1) =>
        Entry(at ?? new Position(0, 0, 1, 1), service, MessageKind.Update, UpdateEncoding.Encode(service, Room, card, []), 9, number);

    /// <summary>That a command was done, without a card.</summary>
    public static RelayEvent Done(string service, string verb, string user, string item, string text)
    {
        var payload = new ResultPayload
        {
            Service = Encoding.UTF8.GetBytes(service),
            Verb = Encoding.UTF8.GetBytes(verb),
            Item = Encoding.UTF8.GetBytes(item),
            Text = Encoding.UTF8.GetBytes(text),
        };
        byte[] bytes = new byte[payload.EncodedBytesMax];
        Assert.True(payload.TryEncode(bytes, out int written));
        return Entry(new Position(0, 0, 1, 1), user, MessageKind.Result, bytes[..written], 9, 1);
    }

    public static RelayEvent Notice(SubscriptionEvent what, string topic, DateTimeOffset at)
    {
        var payload = new SubscriptionPayload { Event = what, Topic = Encoding.UTF8.GetBytes(topic), ExpiresAtMilliseconds = (ulong)at.ToUnixTimeMilliseconds() };
        byte[] bytes = new byte[payload.EncodedBytesMax];
        Assert.True(payload.TryEncode(bytes, out int written));
        return Entry(new Position(0, 0, 1, 1), string.Empty, MessageKind.Subscription, bytes[..written], 0, 0);
    }

    public static RelayServiceChange ServiceChange(string service, bool isAvailable) =>
        new(Room, new ServiceBody { Channel = "sale"u8, Name = Encoding.UTF8.GetBytes(service), IsAvailable = isAvailable });

    public static RelayEvent Presence(string user, bool joined)
    {
        byte[] bytes = new byte[256];
        var writer = new MessagePackWriter(bytes);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(joined ? 1UL : 0UL);
        writer.WriteString(Encoding.UTF8.GetBytes(user));
        return Entry(default, string.Empty, MessageKind.Presence, bytes[..writer.WrittenBytes], 0, 0);
    }

    public static RelayMoved Moved(Position from, Position to) => new(Room, from, to);

    public static RelayGap Gap(ulong after, ulong until, GapReason reason) =>
        new(Room, new Position(0, 0, 1, after), new Position(0, 0, 1, until), reason);

    public static RelayCounts Counts(uint total) =>
        new(Room, new CountsBody { Channel = "sale"u8, Total = total, Generation = 0, Partitions = new EncodedList<MemberCount>([], 0) });

    public static RelayReactions Reactions(byte reaction, byte count) =>
        new(Room, new ReactionsBody { Channel = "sale"u8, Reactions = new EncodedList<ReactionCount>([reaction, count], 1) });

    public static RelayRoomState State(RoomStatus status) => new(Room, status, 0);

    public static RoomStatus Status(Partitioning? partitioning = null, params uint[] sizes) => new()
    {
        Channel = Room,
        State = BroadcastState.Open,
        Title = string.Empty,
        Description = string.Empty,
        Owner = string.Empty,
        StartsAt = null,
        Role = Role.Member,
        MembersTotal = (uint)sizes.Sum(size => size),
        Partitioning = partitioning ?? Partitioning.Whole(0),
        Sizes = sizes,
        Settings = [],
        Notice = string.Empty,
        Products = [],
        IsSplitAutomatically = false,
    };

    /// <summary>Groups of equal numbers of buckets.</summary>
    public static Partitioning Groups(ulong generation, int groups) => Partitioning.ByGroups(
        generation, groups, [.. Enumerable.Range(0, MemberBucket.Count).Select(bucket => (byte)(bucket % groups))]);

    private static RelayEvent Entry(Position at, string from, MessageKind kind, byte[] payload, ulong producerId, ulong number)
    {
        byte[] message = new byte[DeliverMessage.OverheadBytesMax + payload.Length + ProtocolLimits.UserIdBytesMax];
        var entry = new DeliverMessage { Kind = kind, From = Encoding.UTF8.GetBytes(from), ProducerId = producerId, Number = number, Payload = payload };
        Assert.True(entry.TryEncode(message, out int messageBytes));
        byte[] bytes = new byte[messageBytes + 512];
        var body = new DeliverBody
        {
            Channel = "sale"u8,
            First = at,
            AtMilliseconds = (ulong)At.ToUnixTimeMilliseconds(),
            Count = 1,
            EncodedMessages = message.AsSpan(0, messageBytes),
        };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        var batch = new DeliveredBatch
        {
            Channel = Room,
            Body = bytes[..bodyBytes],
            First = at,
            Last = at,
            SkipThroughSeq = 0,
            AtMilliseconds = (ulong)At.ToUnixTimeMilliseconds(),
            OwnProducerId = OwnProducerId,
        };
        List<RelayEvent> decoded = [];
        batch.Decode(decoded, new SenderNames());
        return Assert.Single(decoded);
    }
}
