using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Walks the lists in the bodies about rooms. Allocates nothing itself.</summary>
internal static class RoomBodyWalk
{
    public static int Walk(FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.Room when StatusBody.TryDecodeRoom(body, out StatusBody room) == DecodeStatus.Ok:
                return Status(room);
            case FrameType.Answer when StatusBody.TryDecodeAnswer(body, out StatusBody status) == DecodeStatus.Ok:
                return Status(status);
            case FrameType.Answer when MembersBody.TryDecode(body, out MembersBody members) == DecodeStatus.Ok:
                return Names(members.Users);
            case FrameType.Answer when RoomListBody.TryDecode(body, out RoomListBody rooms) == DecodeStatus.Ok:
                return Rooms(rooms.Rooms);
            case FrameType.Answer when RestrictionListBody.TryDecode(body, out RestrictionListBody restrictions) == DecodeStatus.Ok:
                return Restrictions(restrictions.Restrictions);
            case FrameType.Counts when CountsBody.TryDecode(body, out CountsBody counts) == DecodeStatus.Ok:
                return Counts(counts.Partitions);
            case FrameType.Reactions when ReactionsBody.TryDecode(body, out ReactionsBody reactions) == DecodeStatus.Ok:
                return Reactions(reactions.Reactions);
            default:
                return ServiceBodyWalk.Walk(type, body);
        }
    }

    private static int Status(StatusBody status)
    {
        int count = Counts(status.Sizes);
        foreach (RoomSettingEntry setting in status.Settings)
        {
            count += setting.IsText || setting.Text.IsEmpty ? 1 : 0;
        }

        foreach (ProductEntry product in status.Products)
        {
            count += product.Id.Length <= ProtocolLimits.ProductIdBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Counts(EncodedList<MemberCount> counts)
    {
        int count = 0;
        foreach (MemberCount _ in counts)
        {
            count++;
        }

        return count;
    }

    private static int Names(EncodedList<MemberName> names)
    {
        int count = 0;
        foreach (MemberName name in names)
        {
            count += name.Value.Length <= ProtocolLimits.UserIdBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Rooms(EncodedList<RoomEntry> rooms)
    {
        int count = 0;
        foreach (RoomEntry room in rooms)
        {
            count += room.Name.Length <= ProtocolLimits.ChannelNameBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Restrictions(EncodedList<RestrictionEntry> restrictions)
    {
        int count = 0;
        foreach (RestrictionEntry restriction in restrictions)
        {
            count += restriction.Reason.Length <= ProtocolLimits.ReasonBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Reactions(EncodedList<ReactionCount> reactions)
    {
        int count = 0;
        foreach ((byte reaction, uint _) in reactions)
        {
            count += reaction < ProtocolLimits.ReactionsMax ? 1 : 0;
        }

        return count;
    }
}
