using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>How a room was ever divided, and what was said to all of it: taken from flushes, for judging by.</summary>
internal sealed class RoomHistory
{
    private readonly SortedDictionary<ulong, List<Partitioning>> _divisions = new() { [0] = [Partitioning.Whole(0)] };

    /// <summary>The state that the store has now.</summary>
    public RoomState State { get; private set; } = new();

    /// <summary>Messages that went to every partition, and have not been lost: generation and seq by partition.</summary>
    public Dictionary<MessageName, (ulong Generation, Dictionary<uint, ulong> Seqs)> Broadcasts { get; } = [];

    /// <summary>By which flush each message came.</summary>
    public Dictionary<MessageName, ulong> Flushes { get; } = [];

    /// <summary>Messages that were logged in more than one flush: a broken promise while all logs are whole.</summary>
    public List<MessageName> Doubled { get; } = [];

    public int Switches { get; set; }

    public void Keep(RoomState state)
    {
        State = state;
        foreach (Partitioning division in state.Generations)
        {
            if (!_divisions.TryGetValue(division.Generation, out List<Partitioning>? known))
            {
                known = [];
                _divisions.Add(division.Generation, known);
            }

            if (known.Count == 0 || !IsSame(known[^1], division))
            {
                known.Add(division);
            }
        }
    }

    /// <summary>The store has lost what came with these flushes.</summary>
    public void Lose(ulong since, RoomState state)
    {
        foreach (MessageName name in Flushes.Where(one => one.Value >= since).Select(one => one.Key).ToArray())
        {
            Flushes.Remove(name);
            Broadcasts.Remove(name);
        }

        Keep(state);
    }

    /// <summary>How a generation is divided, or was at last; null when there never was such a one.</summary>
    public Partitioning? Division(ulong generation) => _divisions.GetValueOrDefault(generation)?[^1];

    /// <summary>Whether a user at an edge may read this log from its beginning, or from where it was when the user came to the edge.</summary>
    public bool Belongs(ulong generation, uint partition, string user, string edge, bool storeMayLose)
    {
        byte[] userId = Encoding.UTF8.GetBytes(user);
        if (!_divisions.TryGetValue(generation, out List<Partitioning>? known))
        {
            return false;
        }

        if (storeMayLose)
        {
            return known.Exists(division => division.PartitionOf(userId, edge) == partition);
        }

        Partitioning last = known[^1];
        bool hasItsOwn = last.Mode != SplitMode.Edges || last.PartitionOfEdge(edge) is not null;
        bool mustWait = !hasItsOwn && generation == State.Current.Generation && last.Count < Partitioning.PartitionsMax;
        return !mustWait && last.PartitionOf(userId, edge) == partition;
    }

    private static bool IsSame(Partitioning one, Partitioning other) => Encode(one).AsSpan().SequenceEqual(Encode(other));

    private static byte[] Encode(Partitioning division)
    {
        byte[] encoded = new byte[division.EncodedBytesMax];
        var writer = new MessagePackWriter(encoded);
        division.Write(ref writer);
        return encoded[..writer.WrittenBytes];
    }
}
