using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Client;

/// <summary>What a scripted edge sends about rooms.</summary>
internal static class ScriptedRooms
{
    public static Task JoinedAsync(this ScriptedSession session, ScriptedFrame join, Position from, Position top)
    {
        byte[] bytes = new byte[512];
        var body = new JoinedBody { Channel = Encoding.UTF8.GetBytes(join.Join().Channel), From = from, Top = top };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Joined, bytes[..bodyBytes], correlation: join.Header.Correlation);
    }

    public static Task MovedAsync(this ScriptedSession session, string channel, Position from, Position to)
    {
        byte[] bytes = new byte[512];
        var body = new GapBody { Channel = Encoding.UTF8.GetBytes(channel), After = from, Until = to, Reason = GapReason.Moved };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Gap, bytes[..bodyBytes]);
    }

    public static Task DeliverAsync(this ScriptedSession session, string channel, Position first, params string[] texts) =>
        session.SendAsync(FrameType.Deliver, ScriptedBodies.Deliver(channel, first, producerId: 7, texts));

    /// <summary>One message whose payload is bytes; ephemeral when it has no seq.</summary>
    public static Task DeliverAsync(this ScriptedSession session, string channel, Position at, MessageKind kind, byte[] payload)
    {
        byte[] message = new byte[DeliverMessage.OverheadBytesMax + payload.Length + 16];
        var entry = new DeliverMessage { Kind = kind, From = "host-1"u8, ProducerId = 9, Number = 4, Payload = payload };
        Assert.True(entry.TryEncode(message, out int messageBytes));
        byte[] bytes = new byte[messageBytes + 512];
        var body = new DeliverBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            First = at,
            AtMilliseconds = 1_700_000_000_000,
            Count = 1,
            EncodedMessages = message.AsSpan(0, messageBytes),
        };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Deliver, bytes[..bodyBytes], at.Seq == 0 ? FrameFlags.Ephemeral : FrameFlags.None);
    }

    public static Task LeftAsync(this ScriptedSession session, string channel, ErrorCode code)
    {
        byte[] bytes = new byte[512];
        Assert.True(new LeftBody { Channel = Encoding.UTF8.GetBytes(channel), Code = code }.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Left, bytes[..bodyBytes]);
    }

    /// <summary>A live room of two partitions by edges, with one setting and one product.</summary>
    public static byte[] Status(string channel, bool asAnswer)
    {
        byte[] partitioning = new byte[256];
        var writer = new MessagePackWriter(partitioning);
        Partitioning.ByEdges(3, ["edge-a", "edge-b"]).Write(ref writer);
        byte[] setting = new byte[32];
        Assert.True(new RoomSettingEntry { Setting = (byte)RoomSetting.SlowModeMilliseconds, Number = 2000 }.TryEncode(setting, out int settingBytes));
        byte[] product = new byte[256];
        var card = new ProductEntry { Id = "p1"u8, Title = "Scarf"u8, PriceMinor = 4900, Currency = "EUR"u8, Stock = 12 };
        Assert.True(card.TryEncode(product, out int productBytes));
        var body = new StatusBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            State = (byte)BroadcastState.Live,
            Title = "Spring sale"u8,
            Owner = "anna"u8,
            StartsAtMilliseconds = 1_700_000_000_000,
            Role = (byte)Role.Host,
            MembersTotal = 5,
            EncodedPartitioning = partitioning.AsSpan(0, writer.WrittenBytes),
            Sizes = new EncodedList<MemberCount>([2, 3], 2),
            Settings = new EncodedList<RoomSettingEntry>(setting.AsSpan(0, settingBytes), 1),
            Notice = "welcome"u8,
            Products = new EncodedList<ProductEntry>(product.AsSpan(0, productBytes), 1),
        };
        byte[] bytes = new byte[4096];
        Assert.True(asAnswer ? body.TryEncodeAnswer(bytes, out int bodyBytes) : body.TryEncodeRoom(bytes, out bodyBytes));
        return bytes[..bodyBytes];
    }

    /// <summary>An open room of which there is nothing to tell: a ROOM.</summary>
    public static byte[] BareStatus(string channel)
    {
        byte[] partitioning = new byte[64];
        var writer = new MessagePackWriter(partitioning);
        Partitioning.Whole(4).Write(ref writer);
        var body = new StatusBody { Channel = Encoding.UTF8.GetBytes(channel), EncodedPartitioning = partitioning.AsSpan(0, writer.WrittenBytes) };
        byte[] bytes = new byte[512];
        Assert.True(body.TryEncodeRoom(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }

    public static byte[] Counts(string channel)
    {
        byte[] bytes = new byte[256];
        var body = new CountsBody { Channel = Encoding.UTF8.GetBytes(channel), Total = 12, Generation = 3, Partitions = new EncodedList<MemberCount>([7, 5], 2) };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }

    public static byte[] Reactions(string channel)
    {
        byte[] bytes = new byte[256];
        var body = new ReactionsBody { Channel = Encoding.UTF8.GetBytes(channel), Reactions = new EncodedList<ReactionCount>([0, 40, 3, 2], 2) };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }

    public static byte[] Presence(bool joined, string user)
    {
        byte[] bytes = new byte[256];
        var writer = new MessagePackWriter(bytes);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(joined ? 1UL : 0UL);
        writer.WriteString(Encoding.UTF8.GetBytes(user));
        return bytes[..writer.WrittenBytes];
    }
}
