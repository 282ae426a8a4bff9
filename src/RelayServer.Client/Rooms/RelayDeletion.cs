using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// In history, the place of a message that has been deleted since; its sender and number are kept. That a message is
/// deleted while one reads along says a <see cref="RelayRoomChange"/>.
/// </summary>
public sealed class RelayDeletion : RelayEntry
{
    internal RelayDeletion(DeliveredBatch batch, in DeliverMessage message, string from)
        : base(batch, message, from)
    {
    }
}
