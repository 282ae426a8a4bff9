using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Sums what members give to a room, so that it costs the same however much that is, and brings the sums to its owner. A
/// sum that is lost is not sent again: none counts twice.
/// </summary>
internal sealed class ReactionReports(UpstreamRouter upstream)
{
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

    /// <summary>Four times a second: what was given since.</summary>
    public void Send(ulong nowMilliseconds)
    {
        Span<byte> encoded = stackalloc byte[PairBytesMax * ReactionSum.KindsMax];
        foreach (EdgeRoom room in _given)
        {
            var writer = new MessagePackWriter(encoded);
            IReadOnlyList<(byte Reaction, uint Count)> sums = room.Reactions!.Take();
            foreach ((byte reaction, uint count) in sums)
            {
                writer.WriteUInt64(reaction);
                writer.WriteUInt64(count);
            }

            var record = new UpstreamRecord
            {
                Kind = UpstreamKind.Reactions,
                Channel = room.Name,
                Reactions = new EncodedList<ReactionCount>(encoded[..writer.WrittenBytes], sums.Count),
            };
            upstream.Add(record, room.Slot, nowMilliseconds);
        }

        _given.Clear();
    }
}
