using System.Text.Json;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Http.Admin;

/// <summary>Reads controls as operators write them: the verb in the address, the arguments in a JSON object.</summary>
internal static class ControlJson
{
    private static readonly Dictionary<string, Func<JsonArguments, RoomControl>> Readers = new()
    {
        ["create"] = body => RoomControl.Create(
            body.Text("title", ""), body.Text("description", ""), body.Number("starts_at_ms", ProtocolLimits.NumberMax, 0)),
        ["settings"] = ReadSettings,
        ["start"] = _ => RoomControl.Start(),
        ["end"] = _ => RoomControl.End(),
        ["split"] = ReadSplit,
        ["merge"] = _ => RoomControl.Merge(),
        ["appoint"] = body => RoomControl.Appoint(body.Text("user"), ReadRole(body)),
        ["mute"] = body => RoomControl.Mute(body.Text("user"), ReadSeconds(body), ReadReason(body)),
        ["kick"] = body => RoomControl.Kick(body.Text("user"), ReadReason(body)),
        ["ban"] = body => body.Has("address")
            ? RoomControl.BanAddress(body.Text("address"), ReadSeconds(body), ReadReason(body))
            : RoomControl.Ban(body.Text("user"), ReadSeconds(body), ReadReason(body)),
        ["delete"] = body => RoomControl.Delete(
            body.Text("user"), body.Number("producer_id", ulong.MaxValue), body.Number("number", ProtocolLimits.NumberMax)),
        ["notice"] = body => RoomControl.Notice(body.Text("text")),
        ["product"] = body => RoomControl.Pin(new RoomProduct(
            body.Text("id"), body.Text("title"), body.Number("price_minor", ProtocolLimits.NumberMax), body.Text("currency"),
            (uint)body.Number("stock", uint.MaxValue, uint.MaxValue), body.Text("link", ""))),
        ["product_removed"] = body => RoomControl.Unpin(body.Text("id")),
        ["subscribe"] = body => RoomControl.Subscribe(
            body.Text("topic"), body.Texts("subjects"), body.Number("expires_at_ms", ProtocolLimits.NumberMax, 0)),
        ["unsubscribe"] = body => RoomControl.Unsubscribe(body.Text("topic")),
        ["invite"] = body => RoomControl.Invite(body.Text("service"), body.Number("invited", 1, 1) == 1),
        ["purchase"] = body => RoomControl.Purchase(
            body.Text("product_id"), (uint)body.Number("quantity", uint.MaxValue), body.Text("buyer", "")),
    };

    /// <summary>What may follow a room's name with POST.</summary>
    public static IReadOnlyCollection<string> Verbs => Readers.Keys;

    /// <summary>Reads one; null, and why, when it is none.</summary>
    /// <param name="verb">One of <see cref="Verbs"/>.</param>
    /// <param name="body">The object; may be empty.</param>
    /// <param name="problem">Why there is no control.</param>
    public static RoomControl? Read(string verb, ReadOnlyMemory<byte> body, out string? problem)
    {
        if (JsonArguments.Parse(body, out problem) is not { } arguments)
        {
            return null;
        }

        RoomControl control = Readers[verb](arguments);

        // In this order: an argument that could not be read is not one to check.
        problem = arguments.Finish() ?? control.Check()?.Text;
        return problem is null ? control : null;
    }

    private static uint ReadSeconds(JsonArguments body) => (uint)body.Number("seconds", uint.MaxValue);

    private static string ReadReason(JsonArguments body) => body.Text("reason", "");

    private static Role ReadRole(JsonArguments body) =>
        RoleNames.TryParse(body.Text("role"), out Role role) ? role : body.Fail("role is none, viewer, member, moderator or host", Role.None);

    private static RoomControl ReadSplit(JsonArguments body)
    {
        string mode = body.Text("mode");
        return mode switch
        {
            "edge" or "edges" => RoomControl.SplitByEdges(),
            "groups" => RoomControl.SplitIntoGroups((uint)body.Number("groups", uint.MaxValue)),
            "auto" => RoomControl.SplitAutomatically(),
            _ => body.Fail("mode is edge, groups or auto", RoomControl.SplitAutomatically()),
        };
    }

    private static RoomControl ReadSettings(JsonArguments body)
    {
        var settings = new List<RoomSettingValue>();
        foreach (string name in body.Left.ToArray())
        {
            if (RoomSettings.Find(name) is { } rule)
            {
                settings.Add(ReadSetting(body, rule));
            }
        }

        return RoomControl.Set(settings);
    }

    private static RoomSettingValue ReadSetting(JsonArguments body, RoomSettingRule rule)
    {
        if (rule.IsText)
        {
            return new RoomSettingValue(rule.Setting, 0, body.Text(rule.Name));
        }

        JsonElement value = body.Take(rule.Name);
        ulong number = 0;
        bool isNumber = value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => rule.Maximum == 1,
            _ => JsonArguments.TryReadNumber(value, out number),
        };
        number = value.ValueKind == JsonValueKind.True ? 1 : number;
        return new RoomSettingValue(
            rule.Setting, isNumber ? number : body.Fail($"{rule.Name} must be {rule.Form}", 0UL));
    }
}
