using System.Net;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Whether somebody may change a room so, now. Beyond the table of rights: nobody acts against one of his own rank or
/// above, nor lifts what a higher role has laid on somebody.
/// </summary>
internal static class ControlRules
{
    // Between them the rank of the owner, above the hosts that he appoints.
    private const int RanksPerRole = 2;

    // Any entry besides its user: some numbers, or a product card.
    private const int EntryBytesMax = 1024;

    public static ControlRefusal? Check(RoomState state, RoomControl control, ReadOnlySpan<byte> actor, Role actorRole, ulong nowMilliseconds)
    {
        Role role = state.RoleOf(actor, actorRole);
        if (state.MayJoin(actor, role, null, nowMilliseconds) is { } putOut)
        {
            return putOut;
        }

        if (control.Verb.Needs() is not { } right || !(Permissions.Allows(role, right, ChannelKind.Room) || IsOpenTo(state, role, right)))
        {
            return new ControlRefusal(ErrorCode.Forbidden, "this needs another role in the room");
        }

        if (control.Check() is { } bad)
        {
            return bad;
        }

        int rank = Rank(state, actor, role);
        return control.Verb switch
        {
            ControlVerb.Create => CheckCreate(state, role),
            ControlVerb.Set => state.Values.CheckTogether(control.Settings),
            ControlVerb.Start => CheckLife(state.State == BroadcastState.Scheduled, state),
            ControlVerb.End => CheckLife(state.State is BroadcastState.Scheduled or BroadcastState.Live, state),
            ControlVerb.Split => CheckSplit(state, control),
            ControlVerb.Merge => state.Current.Mode != SplitMode.Whole || state.PolicyAuto ? null : Conflict("the room is not split"),
            ControlVerb.Appoint => CheckAppoint(state, control, rank),
            ControlVerb.Mute => CheckRestrict(state, control, state.MutedUsers, actor, rank, nowMilliseconds),
            ControlVerb.Kick => CheckKick(state, control, actor, rank, nowMilliseconds),
            ControlVerb.Ban => CheckRestrict(state, control, state.BannedUsers, actor, rank, nowMilliseconds),
            ControlVerb.BanAddress => CheckBanAddress(state, control),
            ControlVerb.Delete => CheckDelete(state, control, actor, rank),
            // Notices and products are said to everybody: who may not speak may not pin.
            ControlVerb.Product or ControlVerb.Notice => SpeechRules.CheckMute(state, actor, role, nowMilliseconds) ?? CheckPin(state, control),
            ControlVerb.Purchase => SpeechRules.CheckMute(state, actor, role, nowMilliseconds) ?? CheckPinned(state, control),
            ControlVerb.ProductRemoved => CheckPinned(state, control),
            ControlVerb.Subscribe => SpeechRules.CheckMute(state, actor, role, nowMilliseconds) ?? CheckSubscribe(state, control, nowMilliseconds),
            ControlVerb.Unsubscribe => state.SubscriptionList.Find(control.Topic) is null
                ? new ControlRefusal(ErrorCode.NotFound, "there is no subscription to this topic")
                : null,
            ControlVerb.Invite => SpeechRules.CheckMute(state, actor, role, nowMilliseconds) ?? CheckInvite(state, control),
            _ => null,
        };
    }

    private static ControlRefusal Conflict(string text) => new(ErrorCode.Conflict, text);

    private static ControlRefusal Forbidden(string text) => new(ErrorCode.Forbidden, text);

    // Nobody keeps order in a room that belongs to nobody.
    private static bool IsOpenTo(RoomState state, Role role, RoomVerb right) =>
        right is RoomVerb.Subscribe or RoomVerb.Invite && state.State == BroadcastState.Open && role >= Role.Member;

    private static ControlRefusal? CheckSubscribe(RoomState state, RoomControl control, ulong nowMilliseconds)
    {
        const ulong MillisecondsMax = RoomLimits.SubscriptionYearsMax * 365UL * 24 * 3_600_000;
        if (state.State == BroadcastState.Ended)
        {
            return Conflict("the room has ended");
        }

        if (control.ExpiresAtMilliseconds != 0
            && (control.ExpiresAtMilliseconds <= nowMilliseconds || control.ExpiresAtMilliseconds - nowMilliseconds > MillisecondsMax))
        {
            return ControlArguments.ExpiresAt.Refuse(control.Verb);
        }

        if (!state.SubscriptionList.HasRoomFor(control.Topic))
        {
            return Full($"{RoomLimits.SubscriptionsMax} topics are subscribed to; end one first");
        }

        return state.ListsBytes + Subscription.BytesMax(control) <= RoomState.ListsBytesMax ? null : Full("the room keeps too much in mind already");
    }

    private static ControlRefusal? CheckInvite(RoomState state, RoomControl control)
    {
        bool isIn = state.InvitedServices.Contains(control.Service);
        return control.IsInvited switch
        {
            false when !isIn => new ControlRefusal(ErrorCode.NotFound, "the room has not let this service in"),
            true when !isIn && state.InvitedServices.Count >= RoomLimits.InvitedServicesMax => Full($"{RoomLimits.InvitedServicesMax} services are let in; put one out first"),
            _ => null,
        };
    }

    private static int Rank(RoomState state, ReadOnlySpan<byte> user, Role role) =>
        (RanksPerRole * (int)role) + (role == Role.Host && state.IsOwner(user) ? 1 : 0);

    // What a token makes of somebody who is not asking is not known here; operators are out of reach of bans and mutes anyway.
    private static int RankOfTarget(RoomState state, ReadOnlySpan<byte> user) => Rank(state, user, state.RoleOf(user, Role.Member));

    private static ControlRefusal? CheckCreate(RoomState state, Role role)
    {
        if (state.State != BroadcastState.Open)
        {
            return Conflict("there is a room of this name; choose another");
        }

        return state.Version == 0 || role == Role.Operator ? null : Forbidden("operators have taken this open room in hand; ask one to create it");
    }

    private static ControlRefusal? CheckLife(bool fits, RoomState state) => fits ? null : Conflict(state.State switch
    {
        BroadcastState.Open => "an open room neither starts nor ends; create it first",
        BroadcastState.Scheduled => "the room has not started",
        BroadcastState.Live => "the room is live already",
        _ => "the room has ended",
    });

    private static ControlRefusal? CheckSplit(RoomState state, RoomControl control)
    {
        if (state.State == BroadcastState.Ended)
        {
            return Conflict("the room has ended");
        }

        return control.Split == ControlSplit.Auto || state.Current.Mode == SplitMode.Whole ? null : Conflict("the room is split; merge it first");
    }

    private static ControlRefusal? CheckAppoint(RoomState state, RoomControl control, int rank)
    {
        byte[] user = Encoding.UTF8.GetBytes(control.User);
        if (state.IsOwner(user))
        {
            return Conflict("the owner is host as long as the room is there");
        }

        Role present = state.AppointedUsers.Of(user);
        if (rank <= Math.Max(RankOfTarget(state, user), RanksPerRole * (int)control.Role))
        {
            return Forbidden("only a higher role appoints and dismisses");
        }

        if (control.Role == Role.None)
        {
            return present == Role.None ? new ControlRefusal(ErrorCode.NotFound, "the user has no role in the room") : null;
        }

        return state.AppointedUsers.HasRoomFor(user) && HasBytesFor(state, user)
            ? null
            : Full($"{RoomLimits.AppointedMax} users have roles; dismiss one first");
    }

    private static ControlRefusal? CheckRestrict(
        RoomState state, RoomControl control, RestrictedUsers users, ReadOnlySpan<byte> actor, int rank, ulong nowMilliseconds)
    {
        byte[] user = Encoding.UTF8.GetBytes(control.User);
        Restriction? present = users.InForce(user, nowMilliseconds);
        if (present is { } laid && RanksPerRole * (int)laid.ByRole > rank)
        {
            return Forbidden("a higher role has laid this on the user");
        }

        if (control.Seconds == 0)
        {
            return present is null ? new ControlRefusal(ErrorCode.NotFound, "there is nothing to lift") : null;
        }

        return CheckAgainst(state, control, user, actor, rank)
            ?? (users.HasRoomFor(user) && HasBytesFor(state, user) ? null : Full("as many users as a room remembers; lift one first"));
    }

    private static ControlRefusal? CheckKick(RoomState state, RoomControl control, ReadOnlySpan<byte> actor, int rank, ulong nowMilliseconds)
    {
        byte[] user = Encoding.UTF8.GetBytes(control.User);
        if (CheckAgainst(state, control, user, actor, rank) is { } refusal)
        {
            return refusal;
        }

        if (state.BannedUsers.InForce(user, nowMilliseconds) is { IsKick: false })
        {
            return Conflict("the user is banned already");
        }

        return state.BannedUsers.HasRoomFor(user) && HasBytesFor(state, user) ? null : Full($"{RoomLimits.BansMax} users are banned; lift one first");
    }

    private static ControlRefusal? CheckAgainst(RoomState state, RoomControl control, byte[] user, ReadOnlySpan<byte> actor, int rank)
    {
        if (actor.SequenceEqual(user))
        {
            return ControlArguments.User.Refuse(control.Verb, "must be somebody else: nobody does this to himself");
        }

        return rank > RankOfTarget(state, user) ? null : Forbidden("the user's role is not below yours");
    }

    private static ControlRefusal? CheckBanAddress(RoomState state, RoomControl control)
    {
        IPNetwork range = AddressRange.Parse(control.AddressRange);
        if (control.Seconds == 0)
        {
            return state.BannedAddresses.Contains(range) ? null : new ControlRefusal(ErrorCode.NotFound, "this range is not banned");
        }

        return state.BannedAddresses.HasRoomFor(range) && HasBytesFor(state, [])
            ? null
            : Full($"{RoomLimits.AddressBansMax} address ranges are banned; lift one first");
    }

    private static ControlRefusal? CheckDelete(RoomState state, RoomControl control, ReadOnlySpan<byte> actor, int rank)
    {
        byte[] user = Encoding.UTF8.GetBytes(control.User);
        if (!actor.SequenceEqual(user) && rank <= RankOfTarget(state, user))
        {
            return Forbidden("the user's role is not below yours");
        }

        if (state.DeletedMessages.Contains(user, control.ProducerId, control.Number))
        {
            return Conflict("the message is deleted already");
        }

        return !state.DeletedMessages.IsFull && HasBytesFor(state, user)
            ? null
            : Full($"a room remembers {RoomLimits.DeletedMax} deleted messages until they are too old to be kept; set retention_hours lower");
    }

    private static ControlRefusal? CheckPin(RoomState state, RoomControl control) =>
        control.Product is null || (state.PinnedProducts.HasRoomFor(control.Product.Id) && HasBytesFor(state, []))
            ? null
            : Full($"{RoomLimits.ProductsMax} products are pinned; remove one first");

    private static ControlRefusal? CheckPinned(RoomState state, RoomControl control) =>
        state.PinnedProducts.Contains(control.ProductId) ? null : new ControlRefusal(ErrorCode.NotFound, "no such product is pinned");

    private static ControlRefusal Full(string text) => Conflict("limit reached: " + text);

    private static bool HasBytesFor(RoomState state, ReadOnlySpan<byte> user) => state.ListsBytes + user.Length + EntryBytesMax <= RoomState.ListsBytesMax;
}
