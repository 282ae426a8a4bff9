using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Fanout;

/// <summary>The live members of one channel on one shard, and the frames that wait for them in this round.</summary>
internal sealed class MemberList
{
    private readonly List<EdgeSession> _members = [];
    private readonly Dictionary<EdgeSession, int> _indexes = [];
    private HashSet<EdgeSession>? _further;

    public List<SharedFrame> Round { get; } = [];

    public int RoundBytes { get; private set; }

    public int Count => _members.Count;

    public EdgeSession this[int index] => _members[index];

    public void Add(EdgeSession session, bool isFurther = false)
    {
        if (_indexes.TryAdd(session, _members.Count))
        {
            _members.Add(session);
            if (isFurther)
            {
                (_further ??= []).Add(session);
            }
        }
    }

    /// <summary>An observer that is in another list of the same room, too, and gets there what all members get once.</summary>
    public bool IsFurther(EdgeSession session) => _further is not null && _further.Contains(session);

    public void Remove(EdgeSession session)
    {
        if (!_indexes.Remove(session, out int index))
        {
            return;
        }

        _further?.Remove(session);
        EdgeSession last = _members[^1];
        _members.RemoveAt(_members.Count - 1);
        if (last != session)
        {
            _members[index] = last;
            _indexes[last] = index;
        }
    }

    public void Collect(SharedFrame frame)
    {
        Round.Add(frame);
        RoundBytes += frame.Length;
    }

    public void RoundDone()
    {
        Round.Clear();
        RoundBytes = 0;
    }
}
