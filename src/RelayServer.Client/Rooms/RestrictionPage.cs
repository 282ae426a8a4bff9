using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>Some of what is laid on users of a room.</summary>
/// <param name="Restrictions">In the order of users and kinds.</param>
/// <param name="HasMore">True when there are more: ask again after the last one.</param>
public sealed record RestrictionPage(IReadOnlyList<RoomRestriction> Restrictions, bool HasMore)
{
    /// <summary>What an ANSWER says; null when it is not one about restrictions.</summary>
    public static RestrictionPage? Decode(ReadOnlySpan<byte> answer)
    {
        if (RestrictionListBody.TryDecode(answer, out RestrictionListBody body) != DecodeStatus.Ok)
        {
            return null;
        }

        var restrictions = new List<RoomRestriction>(body.Restrictions.Count);
        foreach (RestrictionEntry entry in body.Restrictions)
        {
            restrictions.Add(new RoomRestriction(
                Encoding.UTF8.GetString(entry.User), entry.Kind, RoomStatus.ReadTime(entry.UntilMilliseconds), (Role)entry.ByRole, Encoding.UTF8.GetString(entry.Reason)));
        }

        return new RestrictionPage(restrictions, body.HasMore);
    }
}
