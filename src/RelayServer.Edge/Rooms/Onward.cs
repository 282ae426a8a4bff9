using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Where those go on who have read a log to its end.</summary>
internal sealed class Onward
{
    private Onward(Partitioning? next, Position then, int partitions)
    {
        Next = next;
        Then = then;
        Partitions = partitions;
    }

    /// <summary>The generation whose beginning follows, as it was then; null when what follows is <see cref="Then"/>.</summary>
    public Partitioning? Next { get; }

    /// <summary>How many partitions the generation that ends had in the end.</summary>
    public int Partitions { get; }

    /// <summary>The one place for all, in another log; for a generation its epoch alone.</summary>
    public Position Then { get; }

    /// <summary>
    /// The room was split or merged here. The first entries of the next generation are of the same flush as the last ones
    /// before it, so they have the same epoch.
    /// </summary>
    public static Onward To(SplitNotice end, ulong epoch) => new(end.To, new Position(end.To.Generation, 0, epoch, 0), end.FromCount);

    /// <summary>What follows is read elsewhere.</summary>
    public static Onward To(Position then) => new(null, then, 0);
}
