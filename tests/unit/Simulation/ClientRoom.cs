using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What a client knows of one room.</summary>
internal sealed class ClientRoom(string channel)
{
    private const int StoryMax = 12;

    public string Channel { get; } = channel;

    /// <summary>After this it wants what follows; null before it ever joined.</summary>
    public Position? Have { get; set; }

    public bool IsWanted { get; set; }

    public bool IsJoining { get; set; }

    public bool IsJoined { get; set; }

    public bool IsLeaving { get; set; }

    public uint JoinCorrelation { get; set; }

    public JoinStart Start { get; set; }

    /// <summary>What happened last, for whoever has to find out why.</summary>
    public Queue<string> Story { get; } = new();

    /// <summary>What this membership was given, by position.</summary>
    public HashSet<Position> Given { get; } = [];

    public int Received { get; set; }

    public int Gaps { get; set; }

    public void Note(string happened)
    {
        Story.Enqueue(happened);
        if (Story.Count > StoryMax)
        {
            Story.Dequeue();
        }
    }

    public override string ToString() => $"{Channel} [{string.Join(" ", Story)}]";

    /// <summary>A new connection knows nothing.</summary>
    public void Disconnected()
    {
        IsJoining = false;
        IsJoined = false;
        IsLeaving = false;
        Given.Clear();
        Note("/");
    }
}
