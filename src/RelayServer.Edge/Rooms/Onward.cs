using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Where those go on who have read a log to its end.</summary>
internal sealed class Onward
{
    private Onward(Partitioning? next, Position then)
    {
        Next = next;
        Then = then;
    }

    /// <summary>The generation whose beginning follows; null when it is <see cref="Then"/>.</summary>
    public Partitioning? Next { get; }

    /// <summary>The one place for all, in another log; for a generation its epoch alone.</summary>
    public Position Then { get; }

    /// <summary>
    /// The room was split or merged here. The first entries of the next generation are of the same flush as the last ones
    /// before it, so they have the same epoch.
    /// </summary>
    public static Onward To(Partitioning next, ulong epoch) => new(next, new Position(next.Generation, 0, epoch, 0));

    /// <summary>What follows is read elsewhere.</summary>
    public static Onward To(Position then) => new(null, then);
}
