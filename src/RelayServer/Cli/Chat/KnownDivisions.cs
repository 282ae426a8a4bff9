using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>
/// How a room is and was divided, as far as that was told: history may be of generations that are long over. Bounded: forgets
/// the oldest.
/// </summary>
internal sealed class KnownDivisions
{
    private const int GenerationsMax = 64;

    // Every room begins undivided; nothing is told of that.
    private readonly SortedList<ulong, Partitioning> _byGeneration = new() { [0] = Partitioning.Whole(0) };

    /// <summary>Notes one; of a generation that edges were added to, the one with the most.</summary>
    public void Note(Partitioning partitioning)
    {
        if (_byGeneration.TryGetValue(partitioning.Generation, out Partitioning? known) && known.Count >= partitioning.Count)
        {
            return;
        }

        _byGeneration[partitioning.Generation] = partitioning;
        if (_byGeneration.Count > GenerationsMax)
        {
            _byGeneration.RemoveAt(0);
        }
    }

    /// <summary>How the room was divided in a generation; null when that was not told.</summary>
    public Partitioning? Of(ulong generation) => _byGeneration.GetValueOrDefault(generation);
}
