using System.Threading.Channels;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Services;
using RelayServer.Rooms;

namespace RelayServer.Master.Hosting;

/// <summary>
/// Reads what a master asks for of a channel, its record and its logs. Every read ends in exactly one event in the
/// master's inbox; how many are under way, the master bounds.
/// </summary>
/// <param name="fabric">Where they are.</param>
/// <param name="time">For waiting.</param>
/// <param name="inbox">The master's.</param>
internal sealed class ChannelReads(IFabric fabric, TimeProvider time, ChannelWriter<MasterEvent> inbox)
{
    private const int PageBytes = 1024 * 1024;
    private const int TopicPageBytes = 256 * 1024;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Completes when the last of the reads has ended; it must not meet what is disposed after the master's end.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Reads what is saved of a channel's room.</summary>
    public void ReadRoom(ChannelState channel, CancellationToken cancellationToken) =>
        Read(() => ReadRoomAsync(channel, cancellationToken), MasterEvent.Unread(channel), MasterEvent.Unreadable(channel), cancellationToken);

    /// <summary>Reads a page of a log, from a place on.</summary>
    public void ReadLog(PartitionLog log, ulong epoch, ulong seq, CancellationToken cancellationToken) => Read(
        async () => MasterEvent.Read(log, await fabric.ReadFromAsync(log.Key, epoch, seq, PageBytes, cancellationToken)),
        MasterEvent.Unread(log.Channel),
        MasterEvent.Unreadable(log.Channel),
        cancellationToken);

    /// <summary>Reads the updates of a topic that have not been handed on.</summary>
    public void ReadTopic(TopicCursor topic, CancellationToken cancellationToken) => Read(
        async () => MasterEvent.TopicRead(topic, await fabric.ReadFromAsync(topic.Log, topic.Epoch, topic.Seq + 1, TopicPageBytes, cancellationToken)),
        MasterEvent.TopicRead(topic, null),
        MasterEvent.TopicRead(topic, null),
        cancellationToken);

    private async Task<MasterEvent> ReadRoomAsync(ChannelState channel, CancellationToken cancellationToken)
    {
        byte[]? record = await fabric.ReadRecordAsync(channel.NameText, cancellationToken);
        RoomState? room = record is null ? null : RoomState.Decode(record);

        // Without its bans and its generations the room must not be opened: nobody gets in until it can be read.
        return room is null && record is not null ? MasterEvent.Unreadable(channel) : MasterEvent.RoomRead(channel, room);
    }

    /// <param name="read">What is read.</param>
    /// <param name="away">What has happened when the store is away.</param>
    /// <param name="refused">What has happened when it is there, and trying again will not help.</param>
    /// <param name="cancellationToken">Ends it without an event.</param>
    private void Read(Func<Task<MasterEvent>> read, MasterEvent away, MasterEvent refused, CancellationToken cancellationToken)
    {
        Ended = Ended.IsCompleted ? ReadAsync() : Task.WhenAll(Ended, ReadAsync());

        async Task ReadAsync()
        {
            MasterEvent happened;
            try
            {
                happened = await read();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The fabric logs when it goes and comes back; here it would be a line for every channel and attempt.
                happened = exception is FabricUnavailableException ? away : refused;
                await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            inbox.TryWrite(happened);
        }
    }
}
