using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Services;
using RelayServer.Rooms;

namespace RelayServer.Master.Hosting;

/// <summary>What happens to a master: its one thread takes these in order.</summary>
internal readonly record struct MasterEvent
{
    public MasterEventKind Kind { get; private init; }

    public ReadOnlyMemory<byte> Message { get; private init; }

    public FlushStatus FlushStatus { get; private init; }

    public ChannelState? Channel { get; private init; }

    public PartitionLog? Log { get; private init; }

    public RoomState? Room { get; private init; }

    public LogPage? Page { get; private init; }

    public ulong Epoch { get; private init; }

    public StoredRecords? Records { get; private init; }

    public TopicCursor? Topic { get; private init; }

    public TaskCompletionSource<bool>? Answer { get; private init; }

    public static MasterEvent Tick { get; } = new() { Kind = MasterEventKind.Tick };

    public static MasterEvent Upstream(ReadOnlyMemory<byte> message) => new() { Kind = MasterEventKind.Upstream, Message = message };

    public static MasterEvent Flushed(FlushStatus status) => new() { Kind = MasterEventKind.Flushed, FlushStatus = status };

    /// <summary>What is saved of a channel's room; null when nothing is.</summary>
    public static MasterEvent RoomRead(ChannelState channel, RoomState? room) =>
        new() { Kind = MasterEventKind.Room, Channel = channel, Room = room };

    /// <summary>What is stored of a channel could not be read, for the store is away.</summary>
    public static MasterEvent Unread(ChannelState channel) => new() { Kind = MasterEventKind.Unread, Channel = channel };

    /// <summary>What is stored of a channel cannot be read, and trying again alone will not help.</summary>
    public static MasterEvent Unreadable(ChannelState channel) => new() { Kind = MasterEventKind.Unreadable, Channel = channel };

    /// <summary>A page of a log.</summary>
    public static MasterEvent Read(PartitionLog log, LogPage page) =>
        new() { Kind = MasterEventKind.Read, Log = log, Page = page };

    /// <summary>The log of the channel of this name begins with what is too old; answered with whether that is being seen to.</summary>
    public static MasterEvent Expired(byte[] channel, TaskCompletionSource<bool> answer) =>
        new() { Kind = MasterEventKind.Expired, Message = channel, Answer = answer };

    /// <summary>Some of what is saved, by a listing that began under this epoch; answered when it is noted.</summary>
    public static MasterEvent Listed(ulong epoch, StoredRecords records, TaskCompletionSource<bool> answer) =>
        new() { Kind = MasterEventKind.Listed, Epoch = epoch, Records = records, Answer = answer };

    /// <summary>A page of a topic's log, from behind its cursor; null when it could not be read.</summary>
    public static MasterEvent TopicRead(TopicCursor topic, LogPage? page) =>
        new() { Kind = MasterEventKind.TopicRead, Topic = topic, Page = page };
}
