using RelayServer.Edge.Upstream;
using RelayServer.Fabric;

namespace RelayServer.Edge.Rooms;

/// <summary>What the owners know of the rooms that have members here.</summary>
/// <param name="upstream">The way to the owners.</param>
/// <param name="rooms">All that have members.</param>
/// <param name="presence">Who they are; told again with each interest.</param>
internal sealed class Interests(UpstreamRouter upstream, IReadOnlyCollection<EdgeRoom> rooms, PresenceReports presence)
{
    private readonly HashSet<EdgeRoom> _toAsk = [];
    private readonly HashSet<EdgeRoom> _unserved = [];

    public MasterLink? OwnerOf(EdgeRoom room) => upstream.OwnerOf(room.Slot);

    /// <summary>The present owner's epoch; 0 without one.</summary>
    public ulong EpochOf(EdgeRoom room) => upstream.EpochOf(room.Slot);

    /// <summary>Asks the owner for the tops, and to relay from there.</summary>
    public void Show(EdgeRoom room, ulong nowMilliseconds)
    {
        room.IsAsked = true;
        _toAsk.Remove(room);
        Announce(room, UpstreamKind.Interest, nowMilliseconds);
        presence.Repeat(room);
    }

    /// <summary>The same with the next <see cref="Send"/>, if no answer is due already.</summary>
    public void Ask(EdgeRoom room)
    {
        if (!room.IsAsked)
        {
            _toAsk.Add(room);
        }
    }

    /// <summary>The same in any case: what is wanted has changed.</summary>
    public void Change(EdgeRoom room) => _toAsk.Add(room);

    /// <summary>Sends what has gathered.</summary>
    public void Send(ulong nowMilliseconds)
    {
        if (_toAsk.Count > 0)
        {
            foreach (EdgeRoom room in _toAsk.ToArray())
            {
                Show(room, nowMilliseconds);
            }
        }
    }

    /// <summary>The last member has left.</summary>
    public void Lose(EdgeRoom room, ulong nowMilliseconds)
    {
        _unserved.Remove(room);
        _toAsk.Remove(room);
        Announce(room, UpstreamKind.Disinterest, nowMilliseconds);
    }

    /// <summary>Tells the owner of a room that it relays for nobody here; it may have missed that before.</summary>
    public void Disown(ReadOnlySpan<byte> name, ulong nowMilliseconds) => upstream.Add(
        new UpstreamRecord { Kind = UpstreamKind.Disinterest, Channel = name }, Slot.Of(name), nowMilliseconds);

    /// <summary>The owner has no room for one whose members are here already, or no answer yet: it is asked again with the next tick.</summary>
    public void Unserved(EdgeRoom room) => _unserved.Add(room);

    /// <summary>Asks the owners again that could not answer.</summary>
    public void AskAgain(ulong nowMilliseconds)
    {
        foreach (EdgeRoom room in _unserved)
        {
            Show(room, nowMilliseconds);
        }

        _unserved.Clear();
    }

    /// <summary>Asks for the tops of all rooms of a master again: answers, or what followed them, may be lost.</summary>
    public void Repeat(MasterLink link, ulong nowMilliseconds)
    {
        foreach (EdgeRoom room in rooms)
        {
            if (upstream.Owns(link, room.Slot))
            {
                Show(room, nowMilliseconds);
            }
        }
    }

    /// <summary>Asks for the tops of all rooms in slots that have another owner now.</summary>
    public void Repeat(IReadOnlySet<int> slots, ulong nowMilliseconds)
    {
        foreach (EdgeRoom room in rooms)
        {
            if (slots.Contains(room.Slot))
            {
                Show(room, nowMilliseconds);
            }
        }
    }

    private void Announce(EdgeRoom room, UpstreamKind kind, ulong nowMilliseconds) => upstream.Add(
        new UpstreamRecord { Kind = kind, Channel = room.Name, Observe = kind == UpstreamKind.Interest && room.Observers > 0 },
        room.Slot,
        nowMilliseconds);
}
