using RelayServer.Fabric;
using RelayServer.Master.Queries;
using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Hosting;

/// <summary>What a page of the saved records says, read beside the master's one thread.</summary>
internal sealed class StoredRecords
{
    /// <summary>What the name of the record is in which the secret for subjects is saved.</summary>
    public const string SubjectKeyName = "key:subjects";

    /// <summary>The page is the last: all that is saved has been read.</summary>
    public bool IsLast { get; init; }

    /// <summary>Rooms that somebody created.</summary>
    public List<ListedRoom> Rooms { get; } = [];

    /// <summary>What rooms and inboxes have subscribed to, by their names.</summary>
    public List<(string Channel, IReadOnlyList<Subscription> Subscriptions)> Subscriptions { get; } = [];

    /// <summary>Services that have registered.</summary>
    public List<(ServiceProfile Profile, byte[] Encoded)> Services { get; } = [];

    /// <summary>How far topics have been handed on.</summary>
    public List<(string Topic, ulong Epoch, ulong Seq)> Topics { get; } = [];

    /// <summary>The secret that subjects are made with; null when this page does not have it.</summary>
    public byte[]? SubjectKey { get; private set; }

    /// <summary>Reads a page. A record that cannot be read is told of when its room is opened.</summary>
    public static StoredRecords Read(RecordList page)
    {
        var read = new StoredRecords { IsLast = page.Next == 0 };
        foreach (FabricRecord record in page.Records)
        {
            read.Read(record);
        }

        return read;
    }

    private void Read(in FabricRecord record)
    {
        if (record.Name == SubjectKeyName)
        {
            SubjectKey = record.Body.ToArray();
        }
        else if (record.Name.StartsWith(ServiceDirectory.RecordPrefix, StringComparison.Ordinal))
        {
            byte[] encoded = record.Body.ToArray();
            if (ServiceProfile.Decode(encoded, out _) is { } profile)
            {
                Services.Add((profile, encoded));
            }
        }
        else if (record.Name.StartsWith(TopicCursor.RecordPrefix, StringComparison.Ordinal))
        {
            var reader = new MessagePackReader(record.Body.Span);
            reader.ReadTupleHeader(2);
            (ulong epoch, ulong seq) = (reader.ReadUInt64(), reader.ReadUInt64());
            if (reader.Status == DecodeStatus.Ok)
            {
                Topics.Add((record.Name[TopicCursor.RecordPrefix.Length..], epoch, seq));
            }
        }
        else if (RoomState.Decode(record.Body.Span) is { } room)
        {
            if (ListedRoom.Of(record.Name, room) is { } listed)
            {
                Rooms.Add(listed);
            }

            if (room.Subscriptions.Count > 0)
            {
                Subscriptions.Add((record.Name, room.Subscriptions));
            }
        }
    }
}
