using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Who is in a room.</summary>
/// <param name="Total">How many.</param>
/// <param name="Users">Their user ids; empty when there are more than the room lists by name.</param>
public sealed record RoomMembers(uint Total, IReadOnlyList<string> Users)
{
    /// <summary>What an ANSWER says; null when it is not one about members.</summary>
    public static RoomMembers? Decode(ReadOnlySpan<byte> answer)
    {
        if (MembersBody.TryDecode(answer, out MembersBody body) != DecodeStatus.Ok)
        {
            return null;
        }

        var users = new List<string>(body.Users.Count);
        foreach (MemberName user in body.Users)
        {
            users.Add(Encoding.UTF8.GetString(user.Value));
        }

        return new RoomMembers(body.Total, users);
    }
}
