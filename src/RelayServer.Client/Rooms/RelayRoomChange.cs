using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>The sender has changed the room at this position: its settings, its life, its pinned cards, or what a member may.</summary>
public sealed class RelayRoomChange : RelayEntry
{
    internal RelayRoomChange(DeliveredBatch batch, in DeliverMessage message, string from, RoomControl control)
        : base(batch, message, from) => Control = control;

    /// <summary>What was done. Of a ban of addresses it says that and no more.</summary>
    public RoomControl Control { get; }
}
