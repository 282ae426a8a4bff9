using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Speech;

/// <summary>Decides which messages of ordinary members are not delivered, because more is said than people can read.</summary>
/// <param name="counters">Counts them.</param>
/// <param name="hashKey">A secret of the process, for the hashes of users.</param>
internal sealed class DeliveryDesk(MasterCounters counters, UInt128 hashKey)
{
    /// <summary>Whether a message that may be said is above the cap of its partition; one that is not counts towards it.</summary>
    public bool IsSkipped(in PublishRequest request, PartitionLog log, ulong nowMilliseconds)
    {
        log.Cap = CapOf(request.Channel.Room, log.Cap);
        bool isSkipped = IsAbove(log.Cap, request, nowMilliseconds);
        counters.Skipped += isSkipped ? 1 : 0;
        return isSkipped;
    }

    /// <summary>
    /// The same for one that is not logged, which is then lost. They are counted apart: a typing notice must not cost the
    /// message its place.
    /// </summary>
    public bool IsDropped(in PublishRequest request, PartitionLog log, ulong nowMilliseconds)
    {
        log.EphemeralCap = CapOf(request.Channel.Room, log.EphemeralCap);
        bool isDropped = IsAbove(log.EphemeralCap, request, nowMilliseconds);
        counters.EphemeralsDropped += isDropped ? 1 : 0;
        return isDropped;
    }

    private DeliveryCap? CapOf(RoomState room, DeliveryCap? present)
    {
        uint perSecond = room.Version > 0 ? (uint)room[RoomSetting.DeliveryCapPerSecond] : 0;
        if (perSecond == 0)
        {
            return null;
        }

        present ??= new DeliveryCap(perSecond, hashKey);
        present.PerSecond = perSecond;
        return present;
    }

    private static bool IsAbove(DeliveryCap? cap, in PublishRequest request, ulong nowMilliseconds) =>
        cap is not null && request.Publish.Kind is (MessageKind.Text or MessageKind.Data) && !cap.MayDeliver(request.Record.UserId, nowMilliseconds);
}
