using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Sums what members give to a room, and brings the sums to its owner. A sum that is lost is not sent again: none counts twice.</summary>
internal sealed class ReactionReports(UpstreamRouter upstream)
{
    /// <summary>The sums of a room are sent at most so often.</summary>
    public const ulong IntervalMilliseconds = 250;

    private const int PairBytesMax = 2 * MessagePackWriter.IntegerBytesMax;
    private readonly HashSet<EdgeRoom> _given = [];

    public void Add(EdgeRoom room, uint reaction, uint count)
    {
        if (count > 0 && (room.Reactions ??= new ReactionSum()).Add(reaction, count))
        {
            _given.Add(room);
        }
    }

    public void Forget(EdgeRoom room) => _given.Remove(room);

    /// <summary>Sends what is due.</summary>
    public void Send(ulong nowMilliseconds)
    {
        if (_given.Count == 0)
        {
            return;
        }

        _given.RemoveWhere(room =>
        {
            if (nowMilliseconds - room.ReactionsSentAtMilliseconds < IntervalMilliseconds)
            {
                return false;
            }

            room.ReactionsSentAtMilliseconds = nowMilliseconds;
            Report(room, nowMilliseconds);
            return true;
        });
    }

    private void Report(EdgeRoom room, ulong nowMilliseconds)
    {
        IReadOnlyList<(byte Reaction, uint Count)> sums = room.Reactions!.Take();
        Span<byte> encoded = stackalloc byte[PairBytesMax * ReactionSum.KindsMax];
        var writer = new MessagePackWriter(encoded);
        foreach ((byte reaction, uint count) in sums)
        {
            writer.WriteUInt64(reaction);
            writer.WriteUInt64(count);
        }

        upstream.Add(
            new UpstreamRecord
            {
                Kind = UpstreamKind.Reactions,
                Channel = room.Name,
                Reactions = new ReactionList(encoded[..writer.WrittenBytes], sums.Count),
            },
            room.Slot,
            nowMilliseconds);
    }
}
