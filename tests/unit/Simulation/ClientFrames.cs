using System.Text;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What a client writes.</summary>
internal static class ClientFrames
{
    public static byte[] Join(uint correlation, string channel, JoinStart start, uint lastMessages, Position position)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new JoinBody { Channel = Encoding.UTF8.GetBytes(channel), Start = start, LastMessages = lastMessages, Position = position }
            .TryEncode(body, out int bytes);
        return Frame(FrameType.Join, FrameFlags.None, correlation, body[..bytes]);
    }

    public static byte[] Observe(uint correlation, string channel, JoinStart start, uint lastMessages, params Position[] positions)
    {
        var encoded = new byte[64 * positions.Length];
        var writer = new MessagePackWriter(encoded);
        foreach (Position position in positions)
        {
            writer.WriteArrayHeader(4);
            writer.WriteUInt64(position.Generation);
            writer.WriteUInt64(position.Partition);
            writer.WriteUInt64(position.Epoch);
            writer.WriteUInt64(position.Seq);
        }

        var body = new byte[JoinBody.OverheadBytesMax + channel.Length + writer.WrittenBytes];
        new JoinBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            Start = start,
            LastMessages = lastMessages,
            Position = positions.FirstOrDefault(),
            Observe = true,
            Positions = new EncodedList<Position>(encoded.AsSpan(0, writer.WrittenBytes), positions.Length),
        }.TryEncode(body, out int bytes);
        return Frame(FrameType.Join, FrameFlags.None, correlation, body.AsSpan(0, bytes));
    }

    public static byte[] Leave(uint correlation, string channel)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new ChannelBody { Channel = Encoding.UTF8.GetBytes(channel) }.TryEncode(body, out int bytes);
        return Frame(FrameType.Leave, FrameFlags.None, correlation, body[..bytes]);
    }

    public static byte[] Publish(
        uint correlation, string channel, ulong producerId, ulong number, FrameFlags flags, int payloadBytes = 0)
    {
        byte[] payload = payloadBytes > 0 ? new byte[payloadBytes] : Encoding.UTF8.GetBytes($"message {number}");
        var body = new byte[PublishBody.OverheadBytesMax + channel.Length + payload.Length];
        new PublishBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            ProducerId = producerId,
            Number = number,
            Kind = payloadBytes > 0 ? MessageKind.Data : MessageKind.Text,
            Payload = payload,
        }.TryEncode(body, out int bytes);
        return Frame(FrameType.Publish, flags, correlation, body.AsSpan(0, bytes));
    }

    public static byte[] Control(uint correlation, string channel, ulong producerId, ulong number, byte[] payload) =>
        Publish(correlation, channel, producerId, number, FrameFlags.AckWanted, MessageKind.Control, payload);

    public static byte[] Publish(uint correlation, string channel, ulong producerId, ulong number, FrameFlags flags, MessageKind kind, byte[] payload)
    {
        var body = new byte[PublishBody.OverheadBytesMax + channel.Length + payload.Length];
        new PublishBody
        {
            Channel = Encoding.UTF8.GetBytes(channel), ProducerId = producerId, Number = number, Kind = kind, Payload = payload,
        }.TryEncode(body, out int bytes);
        return Frame(FrameType.Publish, flags, correlation, body.AsSpan(0, bytes));
    }

    public static byte[] Query(uint correlation, QueryKind what, string channel)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new QueryBody { What = what, Channel = Encoding.UTF8.GetBytes(channel) }.TryEncode(body, out int bytes);
        return Frame(FrameType.Query, FrameFlags.None, correlation, body[..bytes]);
    }

    public static byte[] React(uint correlation, string channel, byte reaction, byte count)
    {
        Span<byte> body = stackalloc byte[ProtocolLimits.TextBytesMax];
        new ReactBody { Channel = Encoding.UTF8.GetBytes(channel), Reaction = reaction, Count = count }.TryEncode(body, out int bytes);
        return Frame(FrameType.React, FrameFlags.None, correlation, body[..bytes]);
    }

    public static byte[] Frame(FrameType type, FrameFlags flags, uint correlation, ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameHeader.SizeBytes + body.Length];
        new FrameHeader((uint)body.Length, type, flags, correlation).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        return frame;
    }
}
