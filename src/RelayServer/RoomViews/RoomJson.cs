using System.Text.Encodings.Web;
using System.Text.Json;
using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.RoomViews;

/// <summary>What is known of rooms as JSON. Names are those of the protocol, texts are as they are.</summary>
internal static class RoomJson
{
    /// <summary>Letters are written as they are, not as escapes.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The properties of a room's state, inside an object.</summary>
    public static void WriteStatus(Utf8JsonWriter json, RoomStatus status)
    {
        json.WriteString("room", status.Channel);
        json.WriteString("state", RoomNames.Of(status.State));
        json.WriteString("title", status.Title);
        json.WriteString("description", status.Description);
        json.WriteString("owner", status.Owner);
        WriteTime(json, "starts_at", status.StartsAt);
        json.WriteString("role", RoleNames.Of(status.Role));
        json.WriteNumber("members", status.MembersTotal);
        WritePartitioning(json, status.Partitioning, status.Sizes);
        json.WriteBoolean("automatic", status.IsSplitAutomatically);
        json.WriteStartObject("settings");
        WriteSettings(json, status.Settings);
        json.WriteEndObject();
        json.WriteString("notice", status.Notice);
        json.WriteStartArray("products");
        foreach (RoomProduct product in status.Products)
        {
            json.WriteStartObject();
            WriteProduct(json, product);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The properties of a list of members, inside an object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, string room, RoomMembers members)
    {
        json.WriteString("room", room);
        json.WriteNumber("members", members.Total);
        json.WriteStartArray("users");
        foreach (string user in members.Users)
        {
            json.WriteStringValue(user);
        }

        json.WriteEndArray();
    }

    /// <summary>The properties of one restriction of a room, inside an object.</summary>
    public static void WriteRestriction(Utf8JsonWriter json, string room, RoomRestriction restriction)
    {
        json.WriteString("room", room);
        json.WriteString("user", restriction.User);
        json.WriteString("restriction", RoomNames.Of(restriction.Kind));
        WriteTime(json, "until", restriction.Until);
        json.WriteString("by_role", RoleNames.Of(restriction.ByRole));
        json.WriteString("reason", restriction.Reason);
    }

    /// <summary>The properties of a room in a list of rooms, inside an object.</summary>
    public static void WriteSummary(Utf8JsonWriter json, RoomSummary room)
    {
        json.WriteString("room", room.Name);
        json.WriteString("state", RoomNames.Of(room.State));
        json.WriteString("title", room.Title);
        WriteTime(json, "starts_at", room.StartsAt);
        json.WriteNumber("members", room.MembersTotal);
    }

    /// <summary>How a room is divided: generation, mode and one object for each part.</summary>
    public static void WritePartitioning(Utf8JsonWriter json, Partitioning partitioning, IReadOnlyList<uint> sizes)
    {
        json.WriteNumber("generation", partitioning.Generation);
        json.WriteString("mode", RoomNames.Of(partitioning.Mode));
        json.WriteStartArray("partitions");
        for (int part = 0; part < partitioning.Count; part++)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", part);
            if (part < partitioning.Edges.Count)
            {
                json.WriteString("edge", partitioning.Edges[part]);
            }

            if (part < sizes.Count)
            {
                json.WriteNumber("members", sizes[part]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What a control says, inside an object: the verb, and the arguments that it has.</summary>
    public static void WriteControl(Utf8JsonWriter json, RoomControl control)
    {
        json.WriteString("change", RoomNames.Of(control.Verb));
        switch (control.Verb)
        {
            case ControlVerb.Create:
                json.WriteString("title", control.Title);
                json.WriteString("description", control.Description);
                WriteTime(json, "starts_at", RoomStatusTime(control.StartsAtMilliseconds));
                break;
            case ControlVerb.Set:
                WriteSettings(json, control.Settings);
                break;
            case ControlVerb.Split:
                json.WriteString("mode", control.Split == ControlSplit.Auto ? "auto" : control.Split == ControlSplit.Edges ? "edges" : "groups");
                break;
            case ControlVerb.Product:
                WriteProduct(json, control.Product!);
                break;
            case ControlVerb.ProductRemoved:
                json.WriteString("id", control.ProductId);
                break;
            case ControlVerb.Purchase:
                json.WriteString("id", control.ProductId);
                json.WriteNumber("quantity", control.Quantity);
                json.WriteString("buyer", control.Buyer);
                break;
            case ControlVerb.Notice:
                json.WriteString("text", control.Text);
                break;
            case ControlVerb.BanAddress:
                WriteTerm(json, control);
                break;
            case ControlVerb.Subscribe or ControlVerb.Unsubscribe:
                json.WriteString("topic", control.Topic);
                WriteSubscription(json, control);
                break;
            case ControlVerb.Invite:
                json.WriteString("service", control.Service);
                json.WriteBoolean("invited", control.IsInvited);
                break;
            case ControlVerb.Appoint or ControlVerb.Mute or ControlVerb.Kick or ControlVerb.Ban or ControlVerb.Delete:
                WriteOfUser(json, control);
                break;
        }
    }

    private static void WriteSubscription(Utf8JsonWriter json, RoomControl control)
    {
        if (control.Verb != ControlVerb.Subscribe)
        {
            return;
        }

        json.WriteStartArray("subjects");
        foreach (string subject in control.Subjects)
        {
            json.WriteStringValue(subject);
        }

        json.WriteEndArray();
        WriteTime(json, "expires_at", RoomStatusTime(control.ExpiresAtMilliseconds));
    }

    /// <summary>A time, or null.</summary>
    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteString(name, at);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>What names a message for ever. The producer is random and of 64 bits: as a number, many a reader would round it.</summary>
    public static void WriteMessageName(Utf8JsonWriter json, ulong producerId, ulong number)
    {
        json.WriteString("producer", producerId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("number", number);
    }

    private static void WriteOfUser(Utf8JsonWriter json, RoomControl control)
    {
        json.WriteString("user", control.User);
        switch (control.Verb)
        {
            case ControlVerb.Appoint:
                json.WriteString("role", RoleNames.Of(control.Role));
                break;
            case ControlVerb.Kick:
                json.WriteString("reason", control.Text);
                break;
            case ControlVerb.Delete:
                json.WriteStartObject("message");
                WriteMessageName(json, control.ProducerId, control.Number);
                json.WriteEndObject();
                break;
            default:
                WriteTerm(json, control);
                break;
        }
    }

    private static void WriteTerm(Utf8JsonWriter json, RoomControl control)
    {
        if (control.AddressRange.Length > 0)
        {
            json.WriteString("address", control.AddressRange);
        }

        json.WriteNumber("seconds", control.Seconds);
        json.WriteString("reason", control.Text);
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyList<RoomSettingValue> settings)
    {
        foreach (RoomSettingValue setting in settings)
        {
            string name = RoomSettings.Find(setting.Setting)?.Name ?? ((int)setting.Setting).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (setting.Text is { } text)
            {
                json.WriteString(name, text);
            }
            else
            {
                json.WriteNumber(name, setting.Number);
            }
        }
    }

    private static void WriteProduct(Utf8JsonWriter json, RoomProduct product)
    {
        json.WriteString("id", product.Id);
        json.WriteString("title", product.Title);
        json.WriteNumber("price_minor", product.PriceMinor);
        json.WriteString("currency", product.Currency);
        if (product.Stock == uint.MaxValue)
        {
            json.WriteNull("stock");
        }
        else
        {
            json.WriteNumber("stock", product.Stock);
        }

        json.WriteString("link", product.Link);
    }

    private static DateTimeOffset? RoomStatusTime(ulong milliseconds) =>
        milliseconds is 0 or > 253_402_300_799_999 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
