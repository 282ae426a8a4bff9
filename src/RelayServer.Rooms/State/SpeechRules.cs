using System.Net;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Who may be in a room, speak and react, as far as the room's state alone says.</summary>
internal static class SpeechRules
{
    private const ulong SpeakersAppointed = 1;
    private const ulong SpeakersModerators = 2;

    private static readonly ControlRefusal NoRight = new(ErrorCode.Forbidden, "your role in this room does not let you do this");
    private static readonly ControlRefusal Scheduled = new(ErrorCode.NotOpen, "the room has not started yet");
    private static readonly ControlRefusal Ended = new(ErrorCode.NotOpen, "the room has ended");
    private static readonly ControlRefusal Frozen = new(ErrorCode.NotOpen, "the room is frozen for now");
    private static readonly ControlRefusal AppointedOnly = new(ErrorCode.NotOpen, "only appointed members speak in this room now");
    private static readonly ControlRefusal ModeratorsOnly = new(ErrorCode.NotOpen, "only moderators and hosts speak in this room now");
    private static readonly ControlRefusal HasLink = new(ErrorCode.Filtered, "links are not allowed in this room");

    public static ControlRefusal? MayJoin(RoomState state, ReadOnlySpan<byte> user, Role tokenRole, IPAddress? address, ulong nowMilliseconds)
    {
        if (tokenRole == Role.Operator)
        {
            return null;
        }

        Restriction? ban = state.BannedUsers.InForce(user, nowMilliseconds);
        if (ban is { IsKick: true } kick)
        {
            return kick.Refuse(ErrorCode.Kicked, "you were put out of this room and stay out", nowMilliseconds);
        }

        ban ??= state.BannedAddresses.InForce(address, nowMilliseconds);
        return ban?.Refuse(ErrorCode.Banned, "you are banned from this room", nowMilliseconds);
    }

    public static ControlRefusal? MaySpeak(
        RoomState state, ReadOnlySpan<byte> user, Role tokenRole, MessageKind kind, ReadOnlySpan<byte> payload, ulong nowMilliseconds)
    {
        Role role = state.RoleOf(user, tokenRole);
        if (CheckPresence(state, user, role, RoomVerb.Speak, nowMilliseconds) is { } refusal)
        {
            return refusal;
        }

        // Who speaks to everybody is not held back by what is there against a crowd.
        return Permissions.Allows(role, RoomVerb.Broadcast, ChannelKind.Room)
            ? null
            : CheckTurn(state, user) ?? (kind == MessageKind.Text ? CheckText(state, payload) : null);
    }

    public static ControlRefusal? MayReact(RoomState state, ReadOnlySpan<byte> user, Role tokenRole, ulong nowMilliseconds) =>
        CheckPresence(state, user, state.RoleOf(user, tokenRole), RoomVerb.React, nowMilliseconds);

    public static ControlRefusal? CheckMute(RoomState state, ReadOnlySpan<byte> user, Role role, ulong nowMilliseconds) =>
        role == Role.Operator ? null : state.MutedUsers.InForce(user, nowMilliseconds)?.Refuse(ErrorCode.Muted, "you are muted in this room", nowMilliseconds);

    private static ControlRefusal? CheckPresence(RoomState state, ReadOnlySpan<byte> user, Role role, RoomVerb verb, ulong nowMilliseconds)
    {
        if (MayJoin(state, user, role, null, nowMilliseconds) is { } banned)
        {
            return banned;
        }

        if (!Permissions.Allows(role, verb, ChannelKind.Room))
        {
            return NoRight;
        }

        if (CheckMute(state, user, role, nowMilliseconds) is { } muted)
        {
            return muted;
        }

        return state.State switch
        {
            BroadcastState.Ended => Ended,
            BroadcastState.Scheduled when !Permissions.Allows(role, RoomVerb.Broadcast, ChannelKind.Room) => Scheduled,
            _ => null,
        };
    }

    private static ControlRefusal? CheckTurn(RoomState state, ReadOnlySpan<byte> user)
    {
        if (state.Values[RoomSetting.Frozen] != 0)
        {
            return Frozen;
        }

        return state.Values[RoomSetting.Speakers] switch
        {
            SpeakersModerators => ModeratorsOnly,
            SpeakersAppointed when state.AppointedUsers.Of(user) < Role.Member => AppointedOnly,
            _ => null,
        };
    }

    private static ControlRefusal? CheckText(RoomState state, ReadOnlySpan<byte> text)
    {
        ulong charactersMax = state.Values[RoomSetting.TextCharactersMax];
        if (charactersMax > 0 && (ulong)Characters(text) > charactersMax)
        {
            return new ControlRefusal(ErrorCode.Filtered, $"a message has at most {charactersMax} characters in this room");
        }

        return state.Values[RoomSetting.LinksRefused] != 0 && LinkFilter.HasLink(text) ? HasLink : null;
    }

    // The bytes that begin a character: those that do not go on with one.
    private static int Characters(ReadOnlySpan<byte> utf8)
    {
        int characters = 0;
        foreach (byte b in utf8)
        {
            characters += (b & 0xc0) == 0x80 ? 0 : 1;
        }

        return characters;
    }
}
