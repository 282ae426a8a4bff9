using RelayServer.Edge.Sessions;

namespace RelayServer.Edge.Rooms;

/// <summary>A session in a room, from JOIN to LEFT.</summary>
internal sealed class Membership(EdgeSession session, EdgeRoom room, JoinRequest request)
{
    public EdgeSession Session { get; } = session;

    public EdgeRoom Room { get; } = room;

    /// <summary>It wants every partition.</summary>
    public bool IsObserver { get; set; }

    /// <summary>The JOIN that is not answered yet; null once it is.</summary>
    public JoinRequest? Request { get; private set; } = request;

    /// <summary>JOINED was sent.</summary>
    public bool IsJoined => Request is null;

    /// <summary>Where it reads, the first of a chain; absent while it waits for the room's owner.</summary>
    public Reader? Reader { get; set; }

    /// <summary>Its place among the room's memberships.</summary>
    public int Index { get; set; }

    public void Joined() => Request = null;

    /// <summary>Puts a reader at the end of the chain.</summary>
    public void Add(Reader reader)
    {
        if (Reader is null)
        {
            Reader = reader;
            return;
        }

        Reader last = Reader;
        while (last.Next is { } next)
        {
            last = next;
        }

        last.Next = reader;
    }
}
