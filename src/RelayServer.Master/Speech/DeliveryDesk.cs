using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Speech;

/// <summary>Decides which messages of ordinary members are logged but not delivered, because more is said than people can read.</summary>
/// <param name="counters">Counts them.</param>
/// <param name="hashKey">A secret of the process, for the hashes of users.</param>
internal sealed class DeliveryDesk(MasterCounters counters, UInt128 hashKey)
{
    /// <summary>Whether a message that may be said is above the cap of its partition; one that is not counts towards it.</summary>
    public bool IsSkipped(in PublishRequest request, PartitionLog log, ulong nowMilliseconds)
    {
        RoomState room = request.Channel.Room;
        uint perSecond = room.Version > 0 ? (uint)room[RoomSetting.DeliveryCapPerSecond] : 0;
        if (perSecond == 0)
        {
            log.Cap = null;
            return false;
        }

        if (request.Publish.Kind is not (MessageKind.Text or MessageKind.Data))
        {
            return false;
        }

        log.Cap ??= new DeliveryCap(perSecond, hashKey);
        log.Cap.PerSecond = perSecond;
        bool isSkipped = !log.Cap.MayDeliver(request.Record.UserId, nowMilliseconds);
        counters.Skipped += isSkipped ? 1 : 0;
        return isSkipped;
    }
}
