using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>PROTOCOL.md says of roles, rights, controls and settings what the code does.</summary>
public sealed partial class RoomSpecificationTests
{
    private const string RolesSection = "22 Rooms and roles";
    private const string ControlsSection = "23 Controls";

    // How the table of rights says each right; what it says in several words is there several times.
    private static readonly Dictionary<string, RoomVerb> Rights = new()
    {
        ["join"] = RoomVerb.Join,
        ["react"] = RoomVerb.React,
        ["ask for status"] = RoomVerb.Status,
        ["for the list of rooms"] = RoomVerb.List,
        ["speak"] = RoomVerb.Speak,
        ["create a room"] = RoomVerb.Create,
        ["ask for the members"] = RoomVerb.Members,
        ["speak to all partitions"] = RoomVerb.Broadcast,
        ["outside of slow mode"] = RoomVerb.Broadcast,
        ["freeze"] = RoomVerb.Broadcast,
        ["filters"] = RoomVerb.Broadcast,
        ["cap"] = RoomVerb.Broadcast,
        ["notice"] = RoomVerb.Notice,
        ["product"] = RoomVerb.Product,
        ["purchase"] = RoomVerb.Purchase,
        ["ask who is muted or banned"] = RoomVerb.Restrictions,
        ["ask for the subscriptions"] = RoomVerb.Subscriptions,
        ["subscribe"] = RoomVerb.Subscribe,
        ["invite"] = RoomVerb.Invite,
        ["observe"] = RoomVerb.Observe,
        ["split"] = RoomVerb.Split,
        ["merge"] = RoomVerb.Merge,
        ["mute"] = RoomVerb.Mute,
        ["kick"] = RoomVerb.Kick,
        ["ban"] = RoomVerb.Ban,
        ["delete"] = RoomVerb.Delete,
        ["set"] = RoomVerb.Set,
        ["start"] = RoomVerb.Start,
        ["end"] = RoomVerb.End,
        ["appoint"] = RoomVerb.Appoint,
        ["ban addresses"] = RoomVerb.BanAddress,
    };

    // One of each, with the names of its arguments in their order.
    private static readonly (RoomControl Control, string[] Arguments)[] Controls =
    [
        (RoomControl.Create("title"), ["title", "description", "starts_at_ms"]),
        (RoomControl.Set(RoomSetting.Frozen, 1), ["settings"]),
        (RoomControl.Start(), []),
        (RoomControl.End(), []),
        (RoomControl.SplitIntoGroups(2), ["mode", "groups"]),
        (RoomControl.Merge(), []),
        (RoomControl.Appoint("anna", Role.Host), ["user", "role"]),
        (RoomControl.Mute("anna", 1), ["user", "seconds", "reason"]),
        (RoomControl.Kick("anna"), ["user", "reason"]),
        (RoomControl.Ban("anna", 1), ["user", "seconds", "reason"]),
        (RoomControl.BanAddress("203.0.113.0/24", 1), ["range", "seconds", "reason"]),
        (RoomControl.Delete("anna", 1, 2), ["user", "producer_id", "number"]),
        (RoomControl.Notice("text"), ["text"]),
        (RoomControl.Pin(new RoomProduct("1", "Tea", 1, "EUR", 1, "")), ["id", "title", "price_minor", "currency", "stock", "link"]),
        (RoomControl.Unpin("1"), ["id"]),
        (RoomControl.Purchase("1", 1), ["product_id", "quantity", "buyer"]),
        (RoomControl.Subscribe("news.headlines", []), ["topic", "subjects", "expires_at_ms"]),
        (RoomControl.Unsubscribe("news.headlines"), ["topic"]),
        (RoomControl.Invite("news"), ["service", "invited"]),
    ];

    private static Specification Text => Specification.Instance;

    [Fact]
    public void States_Table_HasTheStates() =>
        Assert.Equal(
            Enum.GetValues<BroadcastState>().Select(state => $"{(int)state} {SnakeCase(state.ToString())}"),
            Text.Table(RolesSection).Select(row => row[0]));

    [Fact]
    public void Roles_Table_HasTheRoles() =>
        Assert.Equal(
            Enum.GetValues<Role>().Select(role => $"{(int)role} {RoleNames.Of(role)}"),
            Text.Table(RolesSection, 1).Select(row => $"{row[0]} {row[1]}"));

    [Fact]
    [Trait("Must", "R-ROLE-1")]
    public void Rights_Table_IsThatOfPermissions()
    {
        IEnumerable<(string, RoomVerb)> written = Text.Table(RolesSection, 2)
            .SelectMany(row => RightSeparator().Split(row[1]).Select(right => (row[0], Rights[right]))).Distinct();

        Assert.Equal(Enum.GetValues<RoomVerb>().Select(verb => (LowestRole(verb), verb)).Order(), written.Order());
    }

    [Fact]
    public void Controls_Table_HasTheVerbsAndWhoMay() =>
        Assert.Equal(
            Enum.GetValues<ControlVerb>().Select(verb => $"{(int)verb} {SnakeCase(verb.ToString())} {LowestRole(verb.Needs()!.Value)}"),
            Text.Table(ControlsSection).Select(row => $"{row[0]} {row[1]} {row[3]}"));

    [Fact]
    public void Controls_Table_HasTheArguments()
    {
        Assert.Equal(Enum.GetValues<ControlVerb>(), Controls.Select(one => one.Control.Verb));
        foreach (((RoomControl control, string[] arguments), string[] row) in Controls.Zip(Text.Table(ControlsSection)))
        {
            int[] places = [.. arguments.Select(name => Regex.Match(row[2], $@"\b{name}\b")).Select(word => word.Success ? word.Index : -1)];

            Assert.True(!places.Contains(-1) && places.SequenceEqual(places.Order()), $"{row[1]}: {row[2]}");
            Assert.Equal(arguments.Length > 0, row[2].Length > 0);
            Assert.Equal(1 + arguments.Length, ElementsOf(control.Encode()));
        }
    }

    [Fact]
    public void Controls_Table_HasTheLimits()
    {
        string all = string.Join('\n', Text.Table(ControlsSection).Select(row => $"{row[1]}: {row[2]}"));
        string[] expected =
        [
            $"create: title str ≤ {RoomLimits.TitleBytesMax}, description str ≤ {RoomLimits.DescriptionBytesMax},",
            $"array of 1 to {RoomLimits.SettingsInControlMax} settings",
            $"mode {(int)ControlSplit.Edges} edges, {(int)ControlSplit.Groups} groups, {(int)ControlSplit.Auto} automatic;",
            $"groups {RoomLimits.GroupsMin}…{Partitioning.PartitionsMax} ",
            $"user str ≤ {ProtocolLimits.UserIdBytesMax},",
            $"reason str ≤ {RoomLimits.ReasonBytesMax}",
            $"range str ≤ {RoomLimits.AddressRangeBytesMax},",
            $"text str ≤ {RoomLimits.NoticeBytesMax}",
            $"product: id str 1…{RoomLimits.ProductIdBytesMax}, title str ≤ {RoomLimits.TitleBytesMax},",
            $"link str ≤ {RoomLimits.LinkBytesMax}",
            $"quantity 1…{RoomLimits.PurchaseQuantityMax}, buyer str ≤ {ProtocolLimits.UserIdBytesMax}",
        ];
        Assert.All(expected, limit => Assert.Contains(limit, all, StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_InTheText_AreThoseOfARoom() =>
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture,
                $"at most {RoomLimits.BansMax:N0} bans, {RoomLimits.MutesMax:N0} mutes, {RoomLimits.AppointedMax} users with roles, {RoomLimits.AddressBansMax} banned ranges of addresses, {RoomLimits.DeletedMax:N0} deleted messages that are still in its log, and {RoomLimits.ProductsMax} products."),
            string.Join(' ', Text.Lines), StringComparison.Ordinal);

    [Fact]
    public void Settings_Table_IsThatOfTheCode() =>
        Assert.Equal(
            RoomSettings.All.Select(rule => $"{(int)rule.Setting} {rule.Name} {Values(rule)} {(rule.IsText ? "empty" : rule.Default.ToString(CultureInfo.InvariantCulture))}"),
            Text.Table("24 Settings").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]}"));

    private static string Values(RoomSettingRule rule) =>
        rule.IsText ? $"str ≤ {rule.Maximum}" : rule.Maximum == 1 ? $"{rule.Minimum}, {rule.Maximum}" : $"{rule.Minimum}…{rule.Maximum}";

    private static string LowestRole(RoomVerb verb) =>
        RoleNames.Of(Enum.GetValues<Role>().First(role => Permissions.Allows(role, verb, ChannelKind.Room)));

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static int ElementsOf(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        return reader.ReadArrayHeader();
    }

    [GeneratedRegex("; |, | and ")]
    private static partial Regex RightSeparator();
}
