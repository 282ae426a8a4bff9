using System.Diagnostics;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Who is muted, banned or kicked in a room, for those who keep order there: page by page.</summary>
public static class RestrictionEncoder
{
    /// <summary>The body of an ANSWER to <see cref="QueryKind.Restrictions"/>: what is in force, in the order of users and kinds.</summary>
    /// <param name="channel">The room's channel.</param>
    /// <param name="room">Its state.</param>
    /// <param name="query">After whom to go on, and how many.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public static byte[] EncodeAnswer(ReadOnlySpan<byte> channel, RoomState room, in QueryBody query, ulong nowMilliseconds)
    {
        int max = query.Max == 0 ? ProtocolLimits.RestrictionsListedMax : query.Max;
        (byte[] User, RestrictionKind Kind) after = (query.After.ToArray(), (RestrictionKind)query.AfterKind);
        List<(byte[] User, RestrictionKind Kind, Restriction Restriction)> listed =
        [
            .. room.Mutes.Select(mute => (mute.Key, RestrictionKind.Mute, mute.Value))
                .Concat(room.Bans.Select(ban => (ban.Key, ban.Value.IsKick ? RestrictionKind.Kick : RestrictionKind.Ban, ban.Value)))
                .Where(one => one.Value.IsInForce(nowMilliseconds) && Compare((one.Key, one.Item2), after) > 0),
        ];
        listed.Sort((x, y) => Compare((x.User, x.Kind), (y.User, y.Kind)));
        using var entries = new PooledBuffer();
        int count = Math.Min(max, listed.Count);
        foreach ((byte[] user, RestrictionKind kind, Restriction restriction) in listed[..count])
        {
            Write(entries, user, kind, restriction);
        }

        var body = new RestrictionListBody
        {
            Channel = channel,
            Restrictions = new EncodedList<RestrictionEntry>(entries.WrittenSpan, count),
            HasMore = listed.Count > count,
        };
        byte[] answer = new byte[RestrictionListBody.OverheadBytesMax + channel.Length + entries.WrittenBytes];
        bool fits = body.TryEncode(answer, out int bytes);
        Debug.Assert(fits, "the bound of a list of restrictions is too low");
        return answer[..bytes];
    }

    private static void Write(PooledBuffer entries, byte[] user, RestrictionKind kind, Restriction restriction)
    {
        var entry = new RestrictionEntry
        {
            User = user,
            Kind = kind,
            UntilMilliseconds = restriction.IsForGood ? 0 : restriction.UntilMilliseconds,
            ByRole = (byte)restriction.ByRole,
            Reason = Encoding.UTF8.GetBytes(restriction.Reason),
        };
        entry.TryEncode(entries.Reserve(RestrictionEntry.OverheadBytesMax + entry.User.Length + entry.Reason.Length), out int bytes);
        entries.Advance(bytes);
    }

    private static int Compare((byte[] User, RestrictionKind Kind) x, (byte[] User, RestrictionKind Kind) y) =>
        x.User.AsSpan().SequenceCompareTo(y.User) is not 0 and var order ? order : x.Kind.CompareTo(y.Kind);
}
