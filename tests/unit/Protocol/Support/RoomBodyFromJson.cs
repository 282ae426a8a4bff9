using System.Text.Json.Nodes;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Protocol.Support.BodyFromJson;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Encodes the bodies about rooms from fields in the form of <c>protocol/vectors</c>.</summary>
internal static class RoomBodyFromJson
{
    /// <summary>Encodes; false when <paramref name="destination"/> is too small.</summary>
    public static bool TryEncode(FrameType type, JsonObject fields, Span<byte> destination, out int writtenBytes)
    {
        switch (type)
        {
            case FrameType.Query:
                return Query(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Status:
                return Status(fields).TryEncodeAnswer(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Members:
                return Members(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Rooms:
                return Rooms(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Restrictions:
                return Restrictions(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Menu:
                return ServiceBodyFromJson.Menu(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Answer when Small(fields["what"]) == (uint)QueryKind.Subscriptions:
                return ServiceBodyFromJson.Subscriptions(fields).TryEncode(destination, out writtenBytes);
            case FrameType.Room:
                return Status(fields).TryEncodeRoom(destination, out writtenBytes);
            case FrameType.Counts:
                return new CountsBody
                {
                    Channel = Text(fields["channel"]),
                    Total = Small(fields["total"]),
                    Generation = Wide(fields["generation"]),
                    Partitions = new EncodedList<MemberCount>(JsonList.Encode(fields["partitions"], JsonList.TryEncodeNumber, out int partitions), partitions),
                }.TryEncode(destination, out writtenBytes);
            case FrameType.React:
                return new ReactBody
                {
                    Channel = Text(fields["channel"]),
                    Reaction = (byte)Small(fields["reaction"]),
                    Count = (byte)Small(fields["count"]),
                }.TryEncode(destination, out writtenBytes);
            case FrameType.Reactions:
                return new ReactionsBody
                {
                    Channel = Text(fields["channel"]),
                    Reactions = new EncodedList<ReactionCount>(JsonList.Encode(fields["reactions"], JsonList.TryEncodeNumber, out int numbers), numbers / 2),
                }.TryEncode(destination, out writtenBytes);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "is not about rooms");
        }
    }

    private static QueryBody Query(JsonObject fields)
    {
        var body = new QueryBody { What = (QueryKind)Small(fields["what"]), Channel = Text(fields["channel"]) };
        if (body.What == QueryKind.Rooms)
        {
            body.State = fields["state"] is { } state ? (byte)Small(state) : null;
            body.Search = Text(fields["search"]);
            body.After = Text(fields["after"]);
            body.Max = (byte)Small(fields["max"]);
        }
        else if (body.What == QueryKind.Restrictions)
        {
            body.After = Text(fields["after"]);
            body.AfterKind = (byte)Small(fields["after_kind"]);
            body.Max = (byte)Small(fields["max"]);
        }
        else if (body.What == QueryKind.Menu)
        {
            body.Locale = Text(fields["locale"]);
            body.Service = Text(fields["service"]);
            body.Topic = Text(fields["topic"]);
            body.After = Text(fields["after"]);
            body.AfterKind = (byte)Small(fields["after_kind"]);
            body.Max = (byte)Small(fields["max"]);
        }
        else if (body.What == QueryKind.Subscriptions)
        {
            body.After = Text(fields["after"]);
            body.Max = (byte)Small(fields["max"]);
        }

        return body;
    }

    private static StatusBody Status(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        State = (byte)Small(fields["state"]),
        Title = Text(fields["title"]),
        Description = Text(fields["description"]),
        Owner = Text(fields["owner"]),
        StartsAtMilliseconds = Wide(fields["starts_at_ms"]),
        Role = (byte)Small(fields["role"]),
        MembersTotal = Small(fields["members_total"]),
        EncodedPartitioning = Partitioning(fields["partitioning"]!),
        Sizes = new EncodedList<MemberCount>(JsonList.Encode(fields["sizes"], JsonList.TryEncodeNumber, out int sizes), sizes),
        Settings = new EncodedList<RoomSettingEntry>(JsonList.Encode(fields["settings"], TryEncodeSetting, out int settings), settings),
        Notice = Text(fields["notice"]),
        Products = new EncodedList<ProductEntry>(JsonList.Encode(fields["products"], TryEncodeProduct, out int products), products),
        IsPolicyAuto = Small(fields["policy_auto"]) == 1,
    };

    private static MembersBody Members(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Total = Small(fields["total"]),
        Users = new EncodedList<MemberName>(JsonList.Encode(fields["users"], JsonList.TryEncodeText, out int users), users),
    };

    private static RoomListBody Rooms(JsonObject fields) => new()
    {
        Rooms = new EncodedList<RoomEntry>(JsonList.Encode(fields["rooms"], TryEncodeRoom, out int rooms), rooms),
        HasMore = Small(fields["more"]) == 1,
    };

    private static RestrictionListBody Restrictions(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Restrictions = new EncodedList<RestrictionEntry>(JsonList.Encode(fields["restrictions"], TryEncodeRestriction, out int restrictions), restrictions),
        HasMore = Small(fields["more"]) == 1,
    };

    private static byte[] Partitioning(JsonNode fields) => MessagePackTree.Encode(new object?[]
    {
        Wide(fields["generation"]),
        Wide(fields["mode"]),
        Wide(fields["count"]),
        fields["map"] is { } map ? Convert.FromHexString(map.GetValue<string>()) : null,
        fields["edges"]?.AsArray().Select(edge => (object?)edge!.GetValue<string>()).ToArray(),
    });

    private static bool TryEncodeSetting(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var setting = new RoomSettingEntry { Setting = (byte)Small(item["setting"]) };
        if (item["value"]!["str"] is { } text)
        {
            setting.IsText = true;
            setting.Text = Text(text);
        }
        else
        {
            setting.Number = Wide(item["value"]!["uint"]);
        }

        return setting.TryEncode(destination[..(RoomSettingEntry.OverheadBytesMax + setting.Text.Length)], out writtenBytes);
    }

    private static bool TryEncodeProduct(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var product = new ProductEntry
        {
            Id = Text(item["id"]),
            Title = Text(item["title"]),
            PriceMinor = Wide(item["price_minor"]),
            Currency = Text(item["currency"]),
            Stock = Wide(item["stock"]),
            Link = Text(item["link"]),
        };
        int textBytes = product.Id.Length + product.Title.Length + product.Currency.Length + product.Link.Length;
        return product.TryEncode(destination[..(ProductEntry.OverheadBytesMax + textBytes)], out writtenBytes);
    }

    private static bool TryEncodeRoom(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var room = new RoomEntry
        {
            Name = Text(item["name"]),
            Title = Text(item["title"]),
            State = (byte)Small(item["state"]),
            StartsAtMilliseconds = Wide(item["starts_at_ms"]),
            MembersTotal = Small(item["members_total"]),
        };
        return room.TryEncode(destination[..(RoomEntry.OverheadBytesMax + room.Name.Length + room.Title.Length)], out writtenBytes);
    }

    private static bool TryEncodeRestriction(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var restriction = new RestrictionEntry
        {
            User = Text(item["user"]),
            Kind = (RestrictionKind)Small(item["kind"]),
            UntilMilliseconds = Wide(item["until_ms"]),
            ByRole = (byte)Small(item["by_role"]),
            Reason = Text(item["reason"]),
        };
        return restriction.TryEncode(
            destination[..(RestrictionEntry.OverheadBytesMax + restriction.User.Length + restriction.Reason.Length)], out writtenBytes);
    }
}
