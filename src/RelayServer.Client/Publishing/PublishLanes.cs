using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// The lanes by channel: those of joined channels, and for controls and updates, which need no membership, those of channels that are
/// not joined, for as long as they have something under way. Guarded by the ledger's lock.
/// </summary>
internal sealed class PublishLanes
{
    private readonly Dictionary<string, PublishLane> _lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublishLane> _controls = new(StringComparer.Ordinal);

    public IEnumerable<PublishLane> All => _lanes.Values.Concat(_controls.Values);

    public IEnumerable<PublishLane> OfControls => _controls.Values;

    /// <summary>There is a connection that takes controls.</summary>
    public bool ControlsAreOpen { get; set; }

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

    /// <summary>Forgets a lane of controls that has nothing under way.</summary>
    public void RemoveIfDone(PublishLane lane)
    {
        if (lane.Unsettled == 0 && _controls.TryGetValue(lane.Channel, out PublishLane? known) && known == lane)
        {
            lane.Stop();
            _controls.Remove(lane.Channel);
        }
    }

    /// <summary>The lane to publish in.</summary>
    /// <exception cref="RelayException">The channel is not joined, or the payload too large for it.</exception>
    public PublishLane ForPublish(in PublishRequest request, PublishLimits limits)
    {
        bool needsMembership = request.Kind is not (MessageKind.Control or MessageKind.Update);
        if (request.Kind == MessageKind.Control && !limits.HasRooms)
        {
            throw MissingCapability.Rooms();
        }

        if (request.Kind == MessageKind.Update && !limits.HasServices)
        {
            throw MissingCapability.Services();
        }

        if (limits.HasServices && request.IsCommandLine)
        {
            throw new ArgumentException(
                "a text that begins with '/' is a command: give it with CommandAsync or CommandLineAsync, or begin it with '//' to say it as it is");
        }

        if (!_lanes.TryGetValue(request.Channel, out PublishLane? lane) || lane.Closed)
        {
            lane = needsMembership ? null : ForControls(request.Channel);
        }

        if (lane is null)
        {
            throw new RelayException(ErrorCode.NotJoined, $"join '{request.Channel}' before publishing to it");
        }

        int payloadBytesMax = limits.PayloadBytesMaxIn(lane);
        if (request.PayloadBytes > payloadBytesMax)
        {
            RemoveIfDone(lane);
            throw new RelayException(
                ErrorCode.PayloadTooLarge, $"a payload of {request.PayloadBytes} bytes is above the limit of {payloadBytesMax}");
        }

        return lane;
    }

    private PublishLane ForControls(string channel)
    {
        if (!_controls.TryGetValue(channel, out PublishLane? lane))
        {
            lane = new PublishLane(channel) { Joined = ControlsAreOpen };
            _controls.Add(channel, lane);
        }

        return lane;
    }
}
