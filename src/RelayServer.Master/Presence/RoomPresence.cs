using RelayServer.Master.Links;
using RelayServer.Rooms;

namespace RelayServer.Master.Presence;

/// <summary>Who is in a channel, as its edges tell, and what was told of it.</summary>
internal sealed class RoomPresence
{
    public PresenceTable<EdgeLink> Table { get; } = new();

    /// <summary>Waits for its turn to be told.</summary>
    public bool IsChanged { get; set; }

    public ulong ToldAtMilliseconds { get; set; }

    /// <summary>The COUNTS body that was told last.</summary>
    public byte[] Told { get; set; } = [];
}
