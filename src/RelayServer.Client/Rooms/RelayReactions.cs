using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Reactions of the whole room since the last ones, whatever the split; at most four times a second.</summary>
public sealed class RelayReactions : RelayEvent
{
    internal RelayReactions(string channel, in ReactionsBody body)
    {
        Channel = channel;
        var counts = new Dictionary<byte, uint>(body.Reactions.Count);
        foreach ((byte reaction, uint count) in body.Reactions)
        {
            counts[reaction] = counts.GetValueOrDefault(reaction) + count;
        }

        Counts = counts;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>How often each reaction came; <see cref="RelayClient.Heart"/> is one of them.</summary>
    public IReadOnlyDictionary<byte, uint> Counts { get; }
}
