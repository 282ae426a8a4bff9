using System.Text.Json;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.RoomViews;

/// <summary>What services tell and can do as JSON. Names are those of the protocol, texts are as they are.</summary>
internal static class ServiceJson
{
    /// <summary>The properties of an update, inside an object.</summary>
    public static void WriteUpdate(Utf8JsonWriter json, RelayUpdate update)
    {
        json.WriteString("service", update.Service);
        json.WriteString("topic", update.Topic);
        WriteTexts(json, "subjects", update.Subjects);
        WriteCard(json, update.Card);
    }

    /// <summary>The properties of what came of a command for a room, inside an object.</summary>
    public static void WriteDone(Utf8JsonWriter json, RelayCommandDone done)
    {
        json.WriteString("service", done.Service);
        json.WriteString("verb", done.Verb);
        json.WriteString("item", done.Item);
        json.WriteString("text", done.Text);
        WriteCard(json, done.Card);
    }

    /// <summary>The properties of what came of a command for the one who gave it, inside an object.</summary>
    public static void WriteResult(Utf8JsonWriter json, RelayCommandResult result)
    {
        json.WriteString("service", result.Service);
        json.WriteString("verb", result.Verb);
        json.WriteString("text", result.Text);
        WriteCard(json, result.Card);
    }

    /// <summary>The properties of the end of a subscription, inside an object.</summary>
    public static void WriteNotice(Utf8JsonWriter json, RelaySubscriptionNotice notice)
    {
        json.WriteString("topic", notice.Topic);
        json.WriteBoolean("ended", notice.Event == SubscriptionEvent.Ended);
        json.WriteString("expires_at", notice.ExpiresAt);
    }

    /// <summary>The properties of a subscription in a list, inside an object.</summary>
    public static void WriteSubscription(Utf8JsonWriter json, string? room, TopicSubscription subscription)
    {
        json.WriteString("room", room);
        json.WriteString("topic", subscription.Topic);
        WriteTexts(json, "subjects", subscription.Subjects);
        RoomJson.WriteTime(json, "expires_at", subscription.ExpiresAt);
        json.WriteString("since", subscription.Since);
        json.WriteString("by", subscription.By);
    }

    /// <summary>The properties of a line of a menu, inside an object.</summary>
    public static void WriteMenuLine(Utf8JsonWriter json, MenuLine line)
    {
        json.WriteString("kind", NameOf(line.Kind));
        json.WriteString("name", line.Name);
        json.WriteString(line.Kind == MenuKind.Verb ? "usage" : "title", line.Title);
        switch (line.Kind)
        {
            case MenuKind.Service:
                json.WriteString("description", line.Description);
                json.WriteBoolean("available", line.IsAvailable);
                json.WriteBoolean("chosen", line.IsChosen);
                break;
            case MenuKind.Verb:
                json.WriteString("description", line.Description);
                json.WriteBoolean("answers_room", line.AnswersRoom);
                json.WriteBoolean("needs_item", line.NeedsItem);
                break;
            case MenuKind.Topic:
                json.WriteBoolean("open", line.IsOpen);
                json.WriteBoolean("chosen", line.IsChosen);
                break;
            case MenuKind.Subject:
                json.WriteBoolean("chosen", line.IsChosen);
                break;
        }
    }

    private static string NameOf(MenuKind kind) => kind switch
    {
        MenuKind.Service => "service",
        MenuKind.Verb => "verb",
        MenuKind.Topic => "topic",
        MenuKind.Subject => "subject",
        _ => ((int)kind).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static void WriteCard(Utf8JsonWriter json, ServiceCard? card)
    {
        if (card is null)
        {
            json.WriteNull("card");
            return;
        }

        json.WriteStartObject("card");
        json.WriteString("item", card.Item);
        json.WriteString("title", card.Title);
        json.WriteString("text", card.Text);
        json.WriteString("link", card.Link);
        json.WriteString("image", card.Image);
        json.WriteStartArray("fields");
        foreach (CardField field in card.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("value", field.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("actions");
        foreach (CardAction action in card.Actions)
        {
            json.WriteStartObject();
            json.WriteString("label", action.Label);
            json.WriteString("verb", action.Verb);
            WriteTexts(json, "arguments", action.Arguments);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
