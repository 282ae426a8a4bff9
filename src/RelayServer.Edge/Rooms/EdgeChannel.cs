using System.Text;
using RelayServer.Edge.Fanout;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A channel with members on this edge: the cursor in its log, and who stands where.</summary>
internal sealed class EdgeChannel
{
    public EdgeChannel(byte[] name, MemberList[] members)
    {
        Name = name;
        Slot = Fabric.Slot.Of(name);
        Log = new LogKey(Encoding.ASCII.GetString(name), 0, 0);
        Members = members;
    }

    public byte[] Name { get; }

    public int Slot { get; }

    public LogKey Log { get; }

    /// <summary>Live members by shard; each list belongs to its shard's thread.</summary>
    public MemberList[] Members { get; }

    /// <summary>The owner has told the top: <see cref="Cursor"/> is valid.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Everything up to here was handed to the members.</summary>
    public Position Cursor { get; set; }

    /// <summary>Memberships, live or on their way.</summary>
    public int MemberCount { get; set; }

    /// <summary>Members that wait for the owner's answer.</summary>
    public List<Membership> Waiting { get; } = [];

    public LinkedList<LinkedListNode<RecentBatch>> Recent { get; } = new();

    public int RecentBytes { get; set; }

    /// <summary>A hole in front of the cursor is being read from the log; at most one read at a time.</summary>
    public bool IsRepairing { get; set; }

    /// <summary>The repair under way has brought something.</summary>
    public bool HasRepairProgress { get; set; }

    /// <summary>Members that have read the log beyond the cursor; live once it is where they are.</summary>
    public List<Membership> Ahead { get; } = [];

    /// <summary>What came while repairing, in order.</summary>
    public Queue<ParkedBatch> Parked { get; } = new();

    public int ParkedBytes { get; set; }

    /// <summary>The hole is filled; what came meanwhile is being handed out step by step.</summary>
    public bool IsUnparking { get; set; }

    /// <summary>The last member has left; what is still under way for it counts no more.</summary>
    public bool IsGone { get; set; }
}
