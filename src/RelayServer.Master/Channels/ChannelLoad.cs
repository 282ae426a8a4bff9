using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Master.Channels;

/// <summary>Rebuilds a channel from what is stored: first its record (<see cref="ChannelState.Restore"/>), then all its logs.</summary>
internal static class ChannelLoad
{
    /// <summary>
    /// Takes a page of one of the channel's logs. False when an entry cannot be read: its places stay taken, its
    /// messages are not known when they come again.
    /// </summary>
    public static bool TakePage(PartitionLog log, LogPage page)
    {
        bool isReadable = true;
        foreach (LogEntry entry in page.Entries)
        {
            if (DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body) == DecodeStatus.Ok)
            {
                log.Restore(entry, body);
            }
            else
            {
                log.RestoreUnreadable(entry);
                isReadable = false;
            }
        }

        return isReadable;
    }
}
