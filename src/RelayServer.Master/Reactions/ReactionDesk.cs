using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Reactions;

/// <summary>Sums the reactions of a room over all edges and partitions, and tells the sums at most four times a second.</summary>
internal sealed class ReactionDesk(FlushBuilder builder, DirectRelay relay, MasterCounters counters)
{
    private const ulong TellMillisecondsMin = 250;

    // Ticks come as often, and now and then a little early.
    private const ulong EarlyMillisecondsMax = 50;

    private readonly Queue<ChannelState> _summed = new();

    /// <summary>Takes what was given at an edge since it told last.</summary>
    public void Take(EdgeLink link, ChannelState channel, in UpstreamRecord record)
    {
        if (!channel.Interested.Contains(link))
        {
            return;
        }

        foreach ((byte reaction, uint count) in record.Reactions)
        {
            if (channel.Reactions is null)
            {
                channel.Reactions = new ReactionSum();
                _summed.Enqueue(channel);
            }

            channel.Reactions.Add(reaction, count);
            counters.Reactions += count;
        }
    }

    /// <summary>Four times a second.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        for (int left = _summed.Count; left > 0 && !builder.IsFull; left--)
        {
            ChannelState channel = _summed.Dequeue();
            if (nowMilliseconds + EarlyMillisecondsMax < channel.ReactionsDueMilliseconds)
            {
                _summed.Enqueue(channel);
                continue;
            }

            channel.ReactionsDueMilliseconds = Math.Max(nowMilliseconds, channel.ReactionsDueMilliseconds) + TellMillisecondsMin;
            Tell(channel, channel.Reactions!.Take());
            channel.Reactions = null;
        }
    }

    /// <summary>Drops what was summed.</summary>
    public void Abandon() => _summed.Clear();

    private void Tell(ChannelState channel, IReadOnlyList<(byte Reaction, uint Count)> sums)
    {
        if (sums.Count == 0)
        {
            return;
        }

        Span<byte> pairs = stackalloc byte[2 * ReactionSum.KindsMax * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(pairs);
        foreach ((byte reaction, uint count) in sums)
        {
            writer.WriteUInt64(reaction);
            writer.WriteUInt64(count);
        }

        var body = new ReactionsBody { Channel = channel.Name, Reactions = new EncodedList<ReactionCount>(pairs[..writer.WrittenBytes], sums.Count) };
        byte[] encoded = new byte[ReactionsBody.OverheadBytesMax + channel.Name.Length + writer.WrittenBytes];
        body.TryEncode(encoded, out int bytes);
        relay.Push(channel, FrameType.Reactions, encoded.AsSpan(0, bytes));
    }
}
