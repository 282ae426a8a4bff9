using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>The lanes by channel. Guarded by the ledger's lock.</summary>
internal sealed class PublishLanes
{
    private readonly Dictionary<string, PublishLane> _lanes = new(StringComparer.Ordinal);

    public IEnumerable<PublishLane> All => _lanes.Values;

    public PublishLane Add(string channel)
    {
        var lane = new PublishLane(channel);
        _lanes.Add(channel, lane);
        return lane;
    }

    public void Remove(PublishLane lane)
    {
        lane.Stop();
        _lanes.Remove(lane.Channel);
    }

    /// <summary>The lane to publish in.</summary>
    /// <exception cref="RelayException">The channel is not joined, or the payload too large for it.</exception>
    public PublishLane ForPublish(in PublishRequest request, PublishLimits limits)
    {
        if (!_lanes.TryGetValue(request.Channel, out PublishLane? lane) || lane.Closed)
        {
            throw new RelayException(ErrorCode.NotJoined, $"join '{request.Channel}' before publishing to it");
        }

        int payloadBytesMax = limits.PayloadBytesMaxIn(lane);
        return request.PayloadBytes <= payloadBytesMax
            ? lane
            : throw new RelayException(
                ErrorCode.PayloadTooLarge, $"a payload of {request.PayloadBytes} bytes is above the limit of {payloadBytesMax}");
    }
}
