using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>Writes what a log keeps and members receive.</summary>
internal static class EntryBody
{
    /// <summary>The DELIVER body of messages that are encoded already; the caller disposes it.</summary>
    public static PooledBuffer Write(PartitionLog log, Position first, int count, ReadOnlySpan<byte> messages, ulong nowMilliseconds)
    {
        var body = new DeliverBody
        {
            Channel = log.Channel.Name,
            First = first,
            AtMilliseconds = nowMilliseconds,
            Count = count,
            EncodedMessages = messages,
        };
        var buffer = new PooledBuffer();
        body.TryEncode(buffer.Reserve(DeliverBody.OverheadBytesMax + log.Channel.Name.Length + messages.Length), out int bytes);
        buffer.Advance(bytes);
        return buffer;
    }
}
