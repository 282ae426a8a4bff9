using RelayServer.Client;

namespace RelayServer.Cli.Chat;

/// <summary>The last message of each of those who spoke, so that it can be deleted. Bounded: forgets who spoke first.</summary>
internal sealed class RecentMessages
{
    private const int UsersMax = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (ulong ProducerId, ulong Number)> _lastOf = [];
    private readonly Queue<string> _order = new();

    /// <summary>Takes a message that was read.</summary>
    public void Note(RelayMessage message)
    {
        if (message.IsEphemeral)
        {
            return;
        }

        lock (_gate)
        {
            if (_lastOf.TryAdd(message.From, (message.ProducerId, message.Number)))
            {
                _order.Enqueue(message.From);
                if (_order.Count > UsersMax)
                {
                    _lastOf.Remove(_order.Dequeue());
                }
            }
            else
            {
                _lastOf[message.From] = (message.ProducerId, message.Number);
            }
        }
    }

    /// <summary>The last message of a user; null when none was read.</summary>
    public (ulong ProducerId, ulong Number)? LastOf(string user)
    {
        lock (_gate)
        {
            return _lastOf.TryGetValue(user, out (ulong, ulong) last) ? last : null;
        }
    }
}
