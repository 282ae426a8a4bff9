using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Sequencing;

/// <summary>A publish that is being decided about: what came, and who sent it.</summary>
internal readonly ref struct PublishRequest(EdgeLink link, ulong batchNo, ChannelState channel, UpstreamRecord record, ReadOnlySpan<byte> encoded)
{
    public EdgeLink Link { get; } = link;

    /// <summary>The batch that it came in.</summary>
    public ulong BatchNo { get; } = batchNo;

    public ChannelState Channel { get; } = channel;

    public UpstreamRecord Record { get; } = record;

    /// <summary>The record as it came, for keeping it.</summary>
    public ReadOnlySpan<byte> Encoded { get; } = encoded;

    /// <summary>The client's body; valid once it was decoded.</summary>
    public PublishBody Publish { get; init; }

    /// <summary>What the sender is in this room.</summary>
    public Role Role { get; init; }

    /// <summary>What the sender's token says.</summary>
    public Role TokenRole => (Role)Record.Role;

    /// <summary>The operator's own: without the limits that guard the relay from users, and from services that are others'.</summary>
    public bool IsTrusted => TokenRole >= Role.Service && Record.Service.IsEmpty;

    public bool WantsAck => Record.Flags.HasFlag(FrameFlags.AckWanted);

    /// <summary>The message as the log will have it.</summary>
    public DeliverMessage Message => new()
    {
        Kind = Publish.Kind,
        From = Record.UserId,
        ProducerId = Publish.ProducerId,
        Number = Publish.Number,
        Payload = Publish.Payload,
    };
}
