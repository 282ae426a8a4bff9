using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Bodies that a scripted edge sends, and that take more than one line to make.</summary>
internal static class ScriptedBodies
{
    public const ulong AckedSeqOffset = 100;

    public static byte[] Deliver(string channel, Position first, ulong producerId, params string[] texts) =>
        Deliver(channel, first, producerId, [.. texts.Select(text => (MessageKind.Text, text))]);

    public static byte[] Deliver(string channel, Position first, ulong producerId, (MessageKind Kind, string Text)[] contents)
    {
        byte[] messages = new byte[contents.Sum(content => Encoding.UTF8.GetByteCount(content.Text) + 64)];
        int used = 0;
        for (int i = 0; i < contents.Length; i++)
        {
            var message = new DeliverMessage
            {
                Kind = contents[i].Kind,
                From = "alice"u8,
                ProducerId = producerId,
                Number = (ulong)i + 1,
                Payload = Encoding.UTF8.GetBytes(contents[i].Text),
            };
            Assert.True(message.TryEncode(messages.AsSpan(used), out int messageBytes));
            used += messageBytes;
        }

        var body = new DeliverBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            First = first,
            AtMilliseconds = 1_700_000_000_000,
            Count = contents.Length,
            EncodedMessages = messages.AsSpan(0, used),
        };
        byte[] bytes = new byte[used + 256];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }

    /// <summary>A batch of one message that holds a place and shows nothing.</summary>
    public static byte[] Void(string channel, Position at)
    {
        byte[] message = new byte[DeliverMessage.OverheadBytesMax];
        Assert.True(new DeliverMessage { Kind = MessageKind.Void }.TryEncode(message, out int messageBytes));
        byte[] bytes = new byte[256];
        var body = new DeliverBody { Channel = Encoding.UTF8.GetBytes(channel), First = at, Count = 1, EncodedMessages = message.AsSpan(0, messageBytes) };
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }

    public static byte[] PubAck(string channel, ulong producerId, Position log, params ReadOnlySpan<ulong> numbers)
    {
        byte[] pairs = new byte[numbers.Length * 2 * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(pairs);
        foreach (ulong number in numbers)
        {
            writer.WriteUInt64(number);
            writer.WriteUInt64(number + AckedSeqOffset);
        }

        var body = new PubAckBody
        {
            Channel = Encoding.UTF8.GetBytes(channel),
            ProducerId = producerId,
            Log = log,
            Count = numbers.Length,
            EncodedPairs = pairs.AsSpan(0, writer.WrittenBytes),
        };
        byte[] bytes = new byte[pairs.Length + 512];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return bytes[..bodyBytes];
    }
}
