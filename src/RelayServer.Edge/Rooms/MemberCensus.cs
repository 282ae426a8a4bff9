using System.Buffers.Binary;
using RelayServer.Fabric;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>How the members of a room are spread over the buckets that a split deals out.</summary>
internal static class MemberCensus
{
    /// <summary>Members by bucket, as a census says it; an observer counts where it belongs, as in the counts that members are told. A room that is not here has no members.</summary>
    public static byte[] Count(EdgeRoom? room)
    {
        byte[] buckets = new byte[UpstreamRecord.CensusBytes];
        if (room is null)
        {
            return buckets;
        }

        foreach (Membership membership in room.Memberships)
        {
            if (!membership.IsJoined)
            {
                continue;
            }

            Span<byte> bucket = buckets.AsSpan(MemberBucket.Of(membership.Session.UserId) * sizeof(ushort));
            ushort count = BinaryPrimitives.ReadUInt16BigEndian(bucket);
            BinaryPrimitives.WriteUInt16BigEndian(bucket, count == ushort.MaxValue ? count : (ushort)(count + 1));
        }

        return buckets;
    }
}
