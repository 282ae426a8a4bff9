using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>What an observer has read that was said to all parts of a room, and who says such things. Bounded: forgets the oldest.</summary>
internal sealed class BroadcastNames
{
    private const int EntriesMax = 4096;
    private const int SendersMax = 1024;

    private readonly Dictionary<(ulong ProducerId, ulong Number), uint> _partitionOf = [];
    private readonly Queue<(ulong, ulong)> _order = new();
    private readonly HashSet<string> _senders = [];

    /// <summary>Notes an entry; true when the same was read in another partition before.</summary>
    public bool IsRepeat(RelayEntry entry)
    {
        (ulong, ulong) name = (entry.ProducerId, entry.Number);
        if (entry.ProducerId == 0)
        {
            return false;
        }

        if (_partitionOf.TryGetValue(name, out uint partition))
        {
            if (partition != entry.Position.Partition)
            {
                Add(entry.From);
                return true;
            }

            return false;
        }

        if (_order.Count >= EntriesMax)
        {
            _partitionOf.Remove(_order.Dequeue());
        }

        _partitionOf.Add(name, entry.Position.Partition);
        _order.Enqueue(name);
        return false;
    }

    /// <summary>Somebody speaks to all.</summary>
    public void Add(string sender)
    {
        if (sender.Length > 0 && _senders.Count < SendersMax)
        {
            _senders.Add(sender);
        }
    }

    public bool IsBroadcaster(string sender) => _senders.Contains(sender);
}
