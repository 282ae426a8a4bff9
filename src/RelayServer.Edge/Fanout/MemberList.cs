using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Fanout;

/// <summary>The live members of one channel on one shard, and the frames that wait for them in this round.</summary>
internal sealed class MemberList
{
    private readonly List<EdgeSession> _members = [];
    private readonly Dictionary<EdgeSession, int> _indexes = [];

    public List<SharedFrame> Round { get; } = [];

    public int RoundBytes { get; private set; }

    public int Count => _members.Count;

    public EdgeSession this[int index] => _members[index];

    public void Add(EdgeSession session)
    {
        if (_indexes.TryAdd(session, _members.Count))
        {
            _members.Add(session);
        }
    }

    public void Remove(EdgeSession session)
    {
        if (!_indexes.Remove(session, out int index))
        {
            return;
        }

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
