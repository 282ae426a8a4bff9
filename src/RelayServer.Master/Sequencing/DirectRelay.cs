using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>What goes to edges without a place in the log. It is copied once per edge, and lost with the relay that carries it.</summary>
internal sealed class DirectRelay(FlushBuilder builder, MasterCounters counters)
{
    private const int EphemeralBytesMax = 4 * 1024 * 1024;

    /// <summary>
    /// Hands a message that is not logged to every edge that gets the partition. Such messages are the first to go when
    /// there is much.
    /// </summary>
    public void Ephemeral(PartitionLog log, in DeliverMessage message, ulong nowMilliseconds)
    {
        counters.Ephemerals++;
        using var encoded = new PooledBuffer();
        message.TryEncode(encoded.Reserve(DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length), out int bytes);
        encoded.Advance(bytes);
        using PooledBuffer body = EntryBody.Write(
            log, log.PendingFirst with { Seq = 0 }, 1, encoded.WrittenSpan, nowMilliseconds);
        if (builder.StagedBytes + ((long)body.WrittenBytes * log.Recipients.Count) > EphemeralBytesMax)
        {
            counters.EphemeralsDropped++;
            return;
        }

        foreach (EdgeLink link in log.Recipients)
        {
            if (link.IsSkipped)
            {
                continue;
            }

            RelayRecords.Write(link.Records, new RelayRecord { Kind = RelayKind.Ephemeral, Body = body.WrittenSpan });
            builder.CountRecords(body.WrittenBytes);
            builder.Touch(link);
        }
    }

    /// <summary>Hands a frame to every edge that is interested, for its members who have agreed to rooms.</summary>
    public void Push(ChannelState channel, FrameType type, ReadOnlySpan<byte> body)
    {
        foreach (EdgeLink link in channel.Interested)
        {
            Push(link, channel, type, body);
        }
    }

    /// <summary>The same for one edge.</summary>
    public void Push(EdgeLink link, ChannelState channel, FrameType type, ReadOnlySpan<byte> body)
    {
        if (link.IsSkipped)
        {
            return;
        }

        var record = new RelayRecord { Kind = RelayKind.Push, Channel = channel.Name, FrameType = type, Body = body };
        RelayRecords.Write(link.Records, record);
        builder.CountRecords(record.EncodedBytesMax);
        builder.Touch(link);
    }
}
