using System.Net;
using System.Text;

namespace RelayServer.Rooms;

/// <summary>What a control that may be done does to a room.</summary>
internal static class ControlEffects
{
    /// <summary>True when it has changed anything.</summary>
    public static bool Apply(RoomState state, RoomControl control, ReadOnlySpan<byte> actor, Role role, ulong nowMilliseconds)
    {
        switch (control.Verb)
        {
            case ControlVerb.Create:
                state.SetOwner(actor);
                state.State = BroadcastState.Scheduled;
                state.Title = control.Title;
                state.Description = control.Description;
                state.StartsAtMilliseconds = control.StartsAtMilliseconds;
                return true;
            case ControlVerb.Set:
                Set(state, control.Settings);
                return true;
            case ControlVerb.Start:
                state.State = BroadcastState.Live;
                return true;
            case ControlVerb.End:
                state.State = BroadcastState.Ended;
                state.EndedAtMilliseconds = nowMilliseconds;
                state.PolicyAuto = false;
                return true;
            case ControlVerb.Split or ControlVerb.Merge:
                return SetPolicy(state, control.Split == ControlSplit.Auto);
            case ControlVerb.Notice:
                state.Notice = control.Text;
                return true;
            case ControlVerb.Product:
                state.PinnedProducts.Put(control.Product!);
                return true;
            case ControlVerb.ProductRemoved:
                state.PinnedProducts.Remove(control.ProductId);
                return true;
            case ControlVerb.BanAddress:
                BanAddress(state, control, role, nowMilliseconds);
                return true;
            case ControlVerb.Subscribe:
                state.SubscriptionList.Put(Subscription.Of(control, Encoding.UTF8.GetString(actor), nowMilliseconds));
                return true;
            case ControlVerb.Unsubscribe:
                state.SubscriptionList.Remove(control.Topic);
                return true;
            case ControlVerb.Invite:
                return control.IsInvited ? state.InvitedServices.Add(control.Service) : state.InvitedServices.Remove(control.Service);
            case ControlVerb.Purchase:
                return false;
            default:
                return ApplyToUser(state, control, role, nowMilliseconds);
        }
    }

    private static bool ApplyToUser(RoomState state, RoomControl control, Role role, ulong nowMilliseconds)
    {
        byte[] user = Encoding.UTF8.GetBytes(control.User);
        switch (control.Verb)
        {
            case ControlVerb.Appoint when control.Role == Role.None:
                state.AppointedUsers.Remove(user);
                return true;
            case ControlVerb.Appoint:
                state.AppointedUsers.Put(user, control.Role);
                return true;
            case ControlVerb.Mute:
                Restrict(state.MutedUsers, user, Restriction.For(control.Seconds, nowMilliseconds, role, control.Text), lift: control.Seconds == 0);
                return true;
            case ControlVerb.Ban:
                Restrict(state.BannedUsers, user, Restriction.For(control.Seconds, nowMilliseconds, role, control.Text), lift: control.Seconds == 0);
                return true;
            case ControlVerb.Kick:
                Restrict(state.BannedUsers, user, new Restriction(nowMilliseconds + RoomLimits.KickMilliseconds, role, IsKick: true, control.Text), lift: false);
                return true;
            case ControlVerb.Delete:
                state.DeletedMessages.Add(user, control.ProducerId, control.Number, nowMilliseconds);
                return true;
            default:
                return false;
        }
    }

    private static void Set(RoomState state, IReadOnlyList<RoomSettingValue> settings)
    {
        foreach (RoomSettingValue value in settings)
        {
            switch (value.Setting)
            {
                case RoomSetting.Title: state.Title = value.Text!; break;
                case RoomSetting.Description: state.Description = value.Text!; break;
                case RoomSetting.StartsAtMilliseconds: state.StartsAtMilliseconds = value.Number; break;
                default: state.Values[value.Setting] = value.Number; break;
            }
        }
    }

    private static bool SetPolicy(RoomState state, bool auto)
    {
        bool changed = state.PolicyAuto != auto;
        state.PolicyAuto = auto;
        return changed;
    }

    private static void Restrict(RestrictedUsers users, byte[] user, Restriction restriction, bool lift)
    {
        if (lift)
        {
            users.Remove(user);
        }
        else
        {
            users.Put(user, restriction);
        }
    }

    private static void BanAddress(RoomState state, RoomControl control, Role role, ulong nowMilliseconds)
    {
        IPNetwork range = AddressRange.Parse(control.AddressRange);
        if (control.Seconds == 0)
        {
            state.BannedAddresses.Remove(range);
        }
        else
        {
            state.BannedAddresses.Put(range, Restriction.For(control.Seconds, nowMilliseconds, role));
        }
    }
}
