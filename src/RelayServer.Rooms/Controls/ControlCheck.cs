using System.Net;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Whether the arguments of a control are in range, whatever the room is like.</summary>
internal static class ControlCheck
{
    public static ControlRefusal? Check(RoomControl control) => control.Verb switch
    {
        ControlVerb.Create => CheckCreate(control),
        ControlVerb.Set => CheckSettings(control.Settings),
        ControlVerb.Split => CheckSplit(control),
        ControlVerb.Appoint => CheckUser(control) ?? CheckRole(control.Role),
        ControlVerb.Mute or ControlVerb.Kick or ControlVerb.Ban => CheckUser(control) ?? CheckReason(control),
        ControlVerb.BanAddress => CheckRange(control.AddressRange) ?? CheckReason(control),
        ControlVerb.Delete => CheckUser(control) ?? ControlArguments.Number.Check(control.Verb, control.Number),
        ControlVerb.Notice => ControlArguments.Notice.Check(control.Verb, control.Text),
        ControlVerb.Product => control.Product is null ? ControlArguments.Id.RefuseMissing(control.Verb) : control.Product.Check(),
        ControlVerb.ProductRemoved => ControlArguments.Id.Check(control.Verb, control.ProductId),
        ControlVerb.Purchase => CheckPurchase(control),
        ControlVerb.Subscribe => CheckTopic(control) ?? CheckSubjects(control),
        ControlVerb.Unsubscribe => CheckTopic(control),
        ControlVerb.Invite => ServiceName.IsValid(control.Service) ? null : ControlArguments.Service.Refuse(control.Verb),
        ControlVerb.Start or ControlVerb.End or ControlVerb.Merge => null,
        _ => new ControlRefusal(ErrorCode.BadArgument, $"there is no control {(int)control.Verb}"),
    };

    /// <summary>That a setting cannot be that, and what it can be.</summary>
    public static ControlRefusal RefuseSetting(RoomSetting setting) => InSet(RoomSettings.Refuse(setting));

    private static ControlRefusal? CheckCreate(RoomControl control) =>
        ControlArguments.Title.Check(control.Verb, control.Title)
        ?? ControlArguments.Description.Check(control.Verb, control.Description)
        ?? ControlArguments.StartsAt.Check(control.Verb, control.StartsAtMilliseconds);

    private static ControlRefusal? CheckSettings(IReadOnlyList<RoomSettingValue> settings)
    {
        if (settings.Count is 0 or > RoomLimits.SettingsInControlMax)
        {
            return ControlArguments.Settings.Refuse(ControlVerb.Set);
        }

        var seen = new HashSet<RoomSetting>();
        foreach (RoomSettingValue value in settings)
        {
            if (RoomSettings.Check(value) is { } refusal)
            {
                return InSet(refusal);
            }

            if (!seen.Add(value.Setting))
            {
                return InSet(new ControlRefusal(ErrorCode.BadArgument, $"{RoomSettings.Find(value.Setting)!.Name} is there twice"));
            }
        }

        return null;
    }

    private static ControlRefusal InSet(ControlRefusal refusal) => refusal with { Text = $"{ControlVerb.Set.Name()}: {refusal.Text}" };

    private static ControlRefusal? CheckSplit(RoomControl control) => control.Split switch
    {
        ControlSplit.Edges or ControlSplit.Auto when control.Groups == 0 => null,
        ControlSplit.Groups when control.Groups is >= RoomLimits.GroupsMin and <= Partitioning.PartitionsMax => null,
        ControlSplit.Edges or ControlSplit.Auto or ControlSplit.Groups => ControlArguments.Groups.Refuse(control.Verb),
        _ => ControlArguments.Mode.Refuse(control.Verb),
    };

    private static ControlRefusal? CheckRole(Role role) =>
        role is Role.None or Role.Viewer or Role.Member or Role.Moderator or Role.Host ? null : ControlArguments.Role.Refuse(ControlVerb.Appoint);

    private static ControlRefusal? CheckRange(string range) =>
        AddressRange.TryParse(range, out IPNetwork _) ? null : ControlArguments.Range.Refuse(ControlVerb.BanAddress);

    private static ControlRefusal? CheckTopic(RoomControl control) =>
        TopicName.IsValid(control.Topic) ? null : ControlArguments.Topic.Refuse(control.Verb);

    private static ControlRefusal? CheckSubjects(RoomControl control)
    {
        if (control.Subjects.Count > ProtocolLimits.SubjectsMax || control.Subjects.Distinct(StringComparer.Ordinal).Count() < control.Subjects.Count)
        {
            return ControlArguments.Subjects.Refuse(control.Verb);
        }

        foreach (string subject in control.Subjects)
        {
            if (UserId.FindProblem(subject, ProtocolLimits.SubjectBytesMax) is { } problem)
            {
                return ControlArguments.Subjects.Refuse(control.Verb, $"must be {ControlArguments.Subjects.Form}; one {problem}");
            }
        }

        return null;
    }

    private static ControlRefusal? CheckPurchase(RoomControl control) =>
        ControlArguments.ProductId.Check(control.Verb, control.ProductId)
        ?? ControlArguments.Quantity.Check(control.Verb, control.Quantity)
        ?? ControlArguments.Buyer.Check(control.Verb, control.Buyer);

    // The rule of tokens: whoever can be there can be named, and nobody else.
    private static ControlRefusal? CheckUser(RoomControl control) =>
        UserId.FindProblem(control.User) is { } problem
            ? ControlArguments.User.Refuse(control.Verb, $"must be {ControlArguments.User.Form}; this one {problem}")
            : null;

    private static ControlRefusal? CheckReason(RoomControl control) => ControlArguments.Reason.Check(control.Verb, control.Text);
}
