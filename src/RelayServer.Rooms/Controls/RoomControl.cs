using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// A change of a room: the payload of a message of kind <see cref="MessageKind.Control"/> or <see cref="MessageKind.Room"/>,
/// <c>[verb, args…]</c>. What of the properties counts, the verb says. Elements after the known ones are passed over.
/// </summary>
public sealed record RoomControl
{
    /// <summary>What to do.</summary>
    public required ControlVerb Verb { get; init; }

    /// <summary>Of <see cref="ControlVerb.Create"/>.</summary>
    public string Title { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Create"/>.</summary>
    public string Description { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Create"/>: milliseconds since 1970 UTC; 0: not said.</summary>
    public ulong StartsAtMilliseconds { get; init; }

    /// <summary>Of <see cref="ControlVerb.Set"/>: 1 to <see cref="RoomLimits.SettingsInControlMax"/>, each setting once.</summary>
    public IReadOnlyList<RoomSettingValue> Settings { get; init; } = [];

    /// <summary>Of <see cref="ControlVerb.Split"/>.</summary>
    public ControlSplit Split { get; init; }

    /// <summary>Of <see cref="ControlVerb.Split"/> into groups: how many, <see cref="RoomLimits.GroupsMin"/> to <see cref="Partitioning.PartitionsMax"/>.</summary>
    public uint Groups { get; init; }

    /// <summary>Whom it is about: of appoint, mute, kick, ban and delete (whose message).</summary>
    public string User { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Appoint"/>: none, viewer, member, moderator or host.</summary>
    public Role Role { get; init; }

    /// <summary>Of mute, ban and ban_address: how long, in seconds; 0 lifts it, <see cref="RoomLimits.ForGoodSeconds"/> is for good.</summary>
    public uint Seconds { get; init; }

    /// <summary>Of mute, kick, ban and ban_address the reason, which may be empty; of a notice its text, empty to take it off.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.BanAddress"/>: see <see cref="Rooms.AddressRange"/>.</summary>
    public string AddressRange { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Delete"/>: the message's producer id.</summary>
    public ulong ProducerId { get; init; }

    /// <summary>Of <see cref="ControlVerb.Delete"/>: the message's number.</summary>
    public ulong Number { get; init; }

    /// <summary>Of <see cref="ControlVerb.Product"/>.</summary>
    public RoomProduct? Product { get; init; }

    /// <summary>Of product_removed and purchase: which of the pinned products.</summary>
    public string ProductId { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Purchase"/>: pieces, 1 to <see cref="RoomLimits.PurchaseQuantityMax"/>.</summary>
    public uint Quantity { get; init; }

    /// <summary>Of <see cref="ControlVerb.Purchase"/>: what the buyer is to be called; may be empty.</summary>
    public string Buyer { get; init; } = "";

    /// <summary>Of subscribe and unsubscribe: see <see cref="TopicName"/>.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Subscribe"/>: the subjects chosen; none for all.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>Of <see cref="ControlVerb.Subscribe"/>: milliseconds since 1970 UTC; 0: never.</summary>
    public ulong ExpiresAtMilliseconds { get; init; }

    /// <summary>Of <see cref="ControlVerb.Invite"/>: see <see cref="ServiceName"/>.</summary>
    public string Service { get; init; } = "";

    /// <summary>Of <see cref="ControlVerb.Invite"/>: lets it in; else puts it out.</summary>
    public bool IsInvited { get; init; }

    /// <summary>Creates a room that is going to begin at a time, in milliseconds since 1970 UTC; 0: not said.</summary>
    public static RoomControl Create(string title, string description = "", ulong startsAtMilliseconds = 0) =>
        new() { Verb = ControlVerb.Create, Title = title, Description = description, StartsAtMilliseconds = startsAtMilliseconds };

    /// <summary>Changes settings.</summary>
    public static RoomControl Set(params IReadOnlyList<RoomSettingValue> settings) => new() { Verb = ControlVerb.Set, Settings = settings };

    /// <summary>Changes one setting that is a number.</summary>
    public static RoomControl Set(RoomSetting setting, ulong value) => Set(new RoomSettingValue(setting, value));

    /// <summary>Changes one setting that is a text.</summary>
    public static RoomControl Set(RoomSetting setting, string value) => Set(new RoomSettingValue(setting, 0, value));

    /// <summary>Goes live.</summary>
    public static RoomControl Start() => new() { Verb = ControlVerb.Start };

    /// <summary>Ends the broadcast.</summary>
    public static RoomControl End() => new() { Verb = ControlVerb.End };

    /// <summary>Makes each edge an island.</summary>
    public static RoomControl SplitByEdges() => new() { Verb = ControlVerb.Split, Split = ControlSplit.Edges };

    /// <summary>Splits into groups of similar size.</summary>
    public static RoomControl SplitIntoGroups(uint groups) => new() { Verb = ControlVerb.Split, Split = ControlSplit.Groups, Groups = groups };

    /// <summary>Leaves splitting and merging to the master.</summary>
    public static RoomControl SplitAutomatically() => new() { Verb = ControlVerb.Split, Split = ControlSplit.Auto };

    /// <summary>Brings everybody together; from then on the master does not split by itself. Of a whole room only the latter.</summary>
    public static RoomControl Merge() => new() { Verb = ControlVerb.Merge };

    /// <summary>Gives a user a role, or with <see cref="Role.None"/> takes it.</summary>
    public static RoomControl Appoint(string user, Role role) => new() { Verb = ControlVerb.Appoint, User = user, Role = role };

    /// <summary>Mutes for some seconds; 0 lifts it.</summary>
    public static RoomControl Mute(string user, uint seconds, string reason = "") => new() { Verb = ControlVerb.Mute, User = user, Seconds = seconds, Text = reason };

    /// <summary>Puts out.</summary>
    public static RoomControl Kick(string user, string reason = "") => new() { Verb = ControlVerb.Kick, User = user, Text = reason };

    /// <summary>Bans for some seconds; 0 lifts it.</summary>
    public static RoomControl Ban(string user, uint seconds, string reason = "") => new() { Verb = ControlVerb.Ban, User = user, Seconds = seconds, Text = reason };

    /// <summary>Bans a range of addresses for some seconds; 0 lifts it.</summary>
    public static RoomControl BanAddress(string range, uint seconds, string reason = "") =>
        new() { Verb = ControlVerb.BanAddress, AddressRange = range, Seconds = seconds, Text = reason };

    /// <summary>Deletes a message.</summary>
    public static RoomControl Delete(string user, ulong producerId, ulong number) =>
        new() { Verb = ControlVerb.Delete, User = user, ProducerId = producerId, Number = number };

    /// <summary>Pins a notice; an empty one takes it off.</summary>
    public static RoomControl Notice(string text) => new() { Verb = ControlVerb.Notice, Text = text };

    /// <summary>Pins a product card, or changes the one with its id.</summary>
    public static RoomControl Pin(RoomProduct product) => new() { Verb = ControlVerb.Product, Product = product };

    /// <summary>Takes a product card off.</summary>
    public static RoomControl Unpin(string productId) => new() { Verb = ControlVerb.ProductRemoved, ProductId = productId };

    /// <summary>Tells of a purchase.</summary>
    public static RoomControl Purchase(string productId, uint quantity, string buyer = "") =>
        new() { Verb = ControlVerb.Purchase, ProductId = productId, Quantity = quantity, Buyer = buyer };

    /// <summary>Subscribes to a topic, or changes that; until then, in milliseconds since 1970 UTC; 0: for ever.</summary>
    public static RoomControl Subscribe(string topic, IReadOnlyList<string> subjects, ulong expiresAtMilliseconds = 0) =>
        new() { Verb = ControlVerb.Subscribe, Topic = topic, Subjects = subjects, ExpiresAtMilliseconds = expiresAtMilliseconds };

    /// <summary>Ends a subscription.</summary>
    public static RoomControl Unsubscribe(string topic) => new() { Verb = ControlVerb.Unsubscribe, Topic = topic };

    /// <summary>Lets a service into the room, or puts it out.</summary>
    public static RoomControl Invite(string service, bool isInvited = true) =>
        new() { Verb = ControlVerb.Invite, Service = service, IsInvited = isInvited };

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">The bytes.</param>
    /// <param name="refusal">
    /// When the answer is null: <see cref="ErrorCode.MalformedBody"/> for what is no control at all, BadArgument (3015) for one whose
    /// verb or arguments are out of range.
    /// </param>
    public static RoomControl? Decode(ReadOnlySpan<byte> payload, out ControlRefusal? refusal)
    {
        RoomControl? control = ControlReader.Read(payload, out refusal);
        refusal ??= control?.Check();
        return refusal is null ? control : null;
    }

    /// <summary>
    /// Reads the payload of a message of kind <see cref="MessageKind.Room"/>: what a master has done, and so checked. Null for one
    /// that this version does not know.
    /// </summary>
    public static RoomControl? DecodeLogged(ReadOnlySpan<byte> payload) => ControlReader.Read(payload, out _);

    /// <summary>Why the arguments are out of range; null when they are not. A client that asks first spares itself the round trip.</summary>
    public ControlRefusal? Check() => ControlCheck.Check(this);

    /// <summary>The payload's bytes.</summary>
    public byte[] Encode() => ControlWriter.Write(this);

    /// <summary>The payload that is logged: of a ban of addresses the verb alone, for whose they are concerns nobody; else all.</summary>
    public byte[] EncodeForLog() => Verb == ControlVerb.BanAddress ? ControlWriter.WriteVerb(Verb) : Encode();
}
