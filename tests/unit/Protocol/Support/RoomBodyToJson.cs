using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The decoded fields of the bodies about rooms, in the form of <c>protocol/vectors</c>.</summary>
internal static class RoomBodyToJson
{
    public static DecodeStatus Decode(FrameType type, ReadOnlySpan<byte> body, JsonObject fields) => type switch
    {
        FrameType.Query => Query(body, fields),
        FrameType.Answer => Answer(body, fields),
        FrameType.Room => Status(StatusBody.TryDecodeRoom(body, out StatusBody b), b, fields),
        FrameType.Counts => Counts(body, fields),
        FrameType.React => React(body, fields),
        FrameType.Reactions => Reactions(body, fields),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is not about rooms"),
    };

    private static DecodeStatus Query(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = QueryBody.TryDecode(body, out QueryBody b);
        fields["what"] = (byte)b.What;
        fields["channel"] = b.Channel.IsEmpty ? null : BodyToJson.Text(b.Channel);
        if (b.What == QueryKind.Rooms)
        {
            fields["state"] = b.State;
            fields["search"] = BodyToJson.Text(b.Search);
            fields["after"] = BodyToJson.Text(b.After);
            fields["max"] = b.Max;
        }
        else if (b.What == QueryKind.Restrictions)
        {
            fields["after"] = BodyToJson.Text(b.After);
            fields["after_kind"] = b.AfterKind;
            fields["max"] = b.Max;
        }
        else if (b.What == QueryKind.Menu)
        {
            fields["locale"] = BodyToJson.Text(b.Locale);
            fields["service"] = BodyToJson.Text(b.Service);
            fields["topic"] = BodyToJson.Text(b.Topic);
            fields["after"] = BodyToJson.Text(b.After);
            fields["after_kind"] = b.AfterKind;
            fields["max"] = b.Max;
        }
        else if (b.What == QueryKind.Subscriptions)
        {
            fields["after"] = BodyToJson.Text(b.After);
            fields["max"] = b.Max;
        }

        return status;
    }

    private static DecodeStatus Answer(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = AnswerBody.TryDecodeKind(body, out QueryKind what);
        fields["what"] = (byte)what;
        return status != DecodeStatus.Ok ? status : what switch
        {
            QueryKind.Status => Status(StatusBody.TryDecodeAnswer(body, out StatusBody b), b, fields),
            QueryKind.Members => Members(body, fields),
            QueryKind.Rooms => Rooms(body, fields),
            QueryKind.Restrictions => Restrictions(body, fields),
            QueryKind.Menu => ServiceBodyToJson.Menu(body, fields),
            QueryKind.Subscriptions => ServiceBodyToJson.Subscriptions(body, fields),
            _ => status,
        };
    }

    private static DecodeStatus Status(DecodeStatus status, in StatusBody b, JsonObject fields)
    {
        fields["channel"] = BodyToJson.Text(b.Channel);
        fields["state"] = b.State;
        fields["title"] = BodyToJson.Text(b.Title);
        fields["description"] = BodyToJson.Text(b.Description);
        fields["owner"] = BodyToJson.Text(b.Owner);
        fields["starts_at_ms"] = BodyToJson.Wide(b.StartsAtMilliseconds);
        fields["role"] = b.Role;
        fields["members_total"] = b.MembersTotal;
        fields["partitioning"] = Partitioning(b.EncodedPartitioning);
        fields["sizes"] = Numbers(b.Sizes);
        fields["settings"] = Settings(b.Settings);
        fields["notice"] = BodyToJson.Text(b.Notice);
        fields["products"] = Products(b.Products);
        fields["policy_auto"] = b.IsPolicyAuto ? 1 : 0;
        return status;
    }

    private static DecodeStatus Members(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = MembersBody.TryDecode(body, out MembersBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        fields["total"] = b.Total;
        var users = new JsonArray();
        foreach (MemberName user in b.Users)
        {
            users.Add((JsonNode)BodyToJson.Text(user.Value));
        }

        fields["users"] = users;
        return status;
    }

    private static DecodeStatus Rooms(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = RoomListBody.TryDecode(body, out RoomListBody b);
        fields["channel"] = null;
        var rooms = new JsonArray();
        foreach (RoomEntry room in b.Rooms)
        {
            rooms.Add((JsonNode)new JsonObject
            {
                ["name"] = BodyToJson.Text(room.Name),
                ["title"] = BodyToJson.Text(room.Title),
                ["state"] = room.State,
                ["starts_at_ms"] = BodyToJson.Wide(room.StartsAtMilliseconds),
                ["members_total"] = room.MembersTotal,
            });
        }

        fields["rooms"] = rooms;
        fields["more"] = b.HasMore ? 1 : 0;
        return status;
    }

    private static DecodeStatus Restrictions(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = RestrictionListBody.TryDecode(body, out RestrictionListBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        var restrictions = new JsonArray();
        foreach (RestrictionEntry restriction in b.Restrictions)
        {
            restrictions.Add((JsonNode)new JsonObject
            {
                ["user"] = BodyToJson.Text(restriction.User),
                ["kind"] = (byte)restriction.Kind,
                ["until_ms"] = BodyToJson.Wide(restriction.UntilMilliseconds),
                ["by_role"] = restriction.ByRole,
                ["reason"] = BodyToJson.Text(restriction.Reason),
            });
        }

        fields["restrictions"] = restrictions;
        fields["more"] = b.HasMore ? 1 : 0;
        return status;
    }

    private static DecodeStatus Counts(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = CountsBody.TryDecode(body, out CountsBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        fields["total"] = b.Total;
        fields["generation"] = BodyToJson.Wide(b.Generation);
        fields["partitions"] = Numbers(b.Partitions);
        return status;
    }

    private static DecodeStatus React(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ReactBody.TryDecode(body, out ReactBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        fields["reaction"] = b.Reaction;
        fields["count"] = b.Count;
        return status;
    }

    private static DecodeStatus Reactions(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ReactionsBody.TryDecode(body, out ReactionsBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        var reactions = new JsonArray();
        foreach ((byte reaction, uint count) in b.Reactions)
        {
            reactions.Add((JsonNode)reaction);
            reactions.Add((JsonNode)count);
        }

        fields["reactions"] = reactions;
        return status;
    }

    private static JsonArray Numbers(EncodedList<MemberCount> numbers)
    {
        var array = new JsonArray();
        foreach (MemberCount number in numbers)
        {
            array.Add((JsonNode)number.Value);
        }

        return array;
    }

    private static JsonArray Settings(EncodedList<RoomSettingEntry> settings)
    {
        var array = new JsonArray();
        foreach (RoomSettingEntry setting in settings)
        {
            array.Add((JsonNode)new JsonObject
            {
                ["setting"] = setting.Setting,
                ["value"] = setting.IsText
                    ? new JsonObject { ["str"] = BodyToJson.Text(setting.Text) }
                    : new JsonObject { ["uint"] = BodyToJson.Wide(setting.Number) },
            });
        }

        return array;
    }

    private static JsonArray Products(EncodedList<ProductEntry> products)
    {
        var array = new JsonArray();
        foreach (ProductEntry product in products)
        {
            array.Add((JsonNode)new JsonObject
            {
                ["id"] = BodyToJson.Text(product.Id),
                ["title"] = BodyToJson.Text(product.Title),
                ["price_minor"] = BodyToJson.Wide(product.PriceMinor),
                ["currency"] = BodyToJson.Text(product.Currency),
                ["stock"] = BodyToJson.Wide(product.Stock),
                ["link"] = BodyToJson.Text(product.Link),
            });
        }

        return array;
    }

    private static JsonObject? Partitioning(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return null;
        }

        var reader = new MessagePackReader(encoded);
        reader.ReadArrayHeader();
        var fields = new JsonObject
        {
            ["generation"] = BodyToJson.Wide(reader.ReadUInt64()),
            ["mode"] = reader.ReadUInt64(),
            ["count"] = reader.ReadUInt64(),
        };
        if (reader.IsNil)
        {
            reader.ReadNil();
            fields["map"] = null;
        }
        else
        {
            fields["map"] = Convert.ToHexStringLower(reader.ReadBinary(ProtocolLimits.PartitionMapBytesMax));
        }

        JsonArray? edges = null;
        if (!reader.IsNil)
        {
            edges = [];
            int count = reader.ReadArrayHeader();
            for (int i = 0; i < count; i++)
            {
                edges.Add((JsonNode)BodyToJson.Text(reader.ReadString(ProtocolLimits.EdgeNameBytesMax)));
            }
        }

        fields["edges"] = edges;
        return fields;
    }
}
