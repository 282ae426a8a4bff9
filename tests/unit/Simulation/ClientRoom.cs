using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What a client knows of one room.</summary>
internal sealed class ClientRoom(string channel, string user)
{
    /// <summary>What the name of an inbox begins with.</summary>
    public const string InboxPrefix = "inbox:";

    private const int StoryMax = 24;

    private readonly SortedDictionary<uint, Position> _places = [];
    private readonly List<string> _story = [];
    private (Position First, Position Last) _run;

    public string Channel { get; } = channel;

    public string User { get; } = user;

    public bool IsInbox { get; } = channel.StartsWith(InboxPrefix, StringComparison.Ordinal);

    /// <summary>The edge that it is connected to.</summary>
    public string Edge { get; set; } = "";

    /// <summary>Whether it asks for every partition.</summary>
    public bool IsObserver { get; set; }

    /// <summary>After these it wants what follows, by partition: one, or of an observer one of each; none before it ever joined.</summary>
    public IReadOnlyDictionary<uint, Position> Places => _places;

    /// <summary>The first of these; null when there is none.</summary>
    public Position? Have => _places.Count == 0 ? null : _places.First().Value;

    /// <summary>Partitions that an observer was not told the beginning of since it joined.</summary>
    public HashSet<uint> Unannounced { get; } = [];

    public bool IsWanted { get; set; }

    public bool IsJoining { get; set; }

    public bool IsJoined { get; set; }

    public bool IsLeaving { get; set; }

    public uint JoinCorrelation { get; set; }

    public JoinStart Start { get; set; }

    /// <summary>Where it began the last time that it did not resume.</summary>
    public Position Began { get; set; }

    /// <summary>Since then nothing was said to be missing.</summary>
    public bool IsComplete { get; set; }

    /// <summary>What this membership was given, by position.</summary>
    public HashSet<Position> Given { get; } = [];

    /// <summary>Every message since it began, by name; of an observer with its partition; and where it came first.</summary>
    public Dictionary<(MessageName Name, uint Partition), Position> Heard { get; } = [];

    /// <summary>Partitions that it left within a generation, for that of its own edge.</summary>
    public HashSet<(ulong Generation, uint Partition)> Left { get; } = [];

    public int Received { get; set; }

    public int Gaps { get; set; }

    public Position? Place(ulong generation, uint partition) =>
        _places.TryGetValue(partition, out Position place) && place.Generation == generation ? place : null;

    /// <summary>Has everything up to here; what it had of other generations, and as a member of other partitions, is over.</summary>
    public void StandAt(Position position)
    {
        if (!IsObserver || (_places.Count > 0 && Have!.Value.Generation != position.Generation))
        {
            _places.Clear();
        }

        _places[position.Partition] = position;
    }

    /// <summary>Joins as for the first time.</summary>
    public void Forget()
    {
        _places.Clear();
        Heard.Clear();
        Left.Clear();
    }

    /// <summary>Something happened that whoever has to find out why should know.</summary>
    public void Note(string happened)
    {
        _run = default;
        Add(happened);
    }

    /// <summary>The same of a message that was delivered.</summary>
    public void Note(Position at)
    {
        bool goesOn = _run.Last with { Seq = _run.Last.Seq + 1 } == at;
        _run = (goesOn ? _run.First : at, at);
        if (goesOn)
        {
            _story[^1] = $"{Short(_run.First)}..{at.Seq}";
        }
        else
        {
            Add(Short(at));
        }
    }

    public static string Short(Position at) => $"{at.Generation}/{at.Partition}/{at.Epoch}-{at.Seq}";

    public override string ToString() => $"{User} at {Edge} in {Channel} [{string.Join(" ", _story)}]";

    /// <summary>A new connection knows nothing.</summary>
    public void Disconnected()
    {
        IsJoining = false;
        IsJoined = false;
        IsLeaving = false;
        Given.Clear();
        Note("/");
    }

    private void Add(string happened)
    {
        _story.Add(happened);
        if (_story.Count > StoryMax)
        {
            _story.RemoveAt(0);
        }
    }
}
