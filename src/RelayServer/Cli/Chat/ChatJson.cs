using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.RoomViews;

namespace RelayServer.Cli.Chat;

/// <summary>What is received as JSON: one object and a line feed for each event.</summary>
internal static class ChatJson
{
    /// <summary>Writes an event.</summary>
    public static void Write(IBufferWriter<byte> output, RelayEvent next)
    {
        using (var json = new Utf8JsonWriter(output, RoomJson.Options))
        {
            json.WriteStartObject();
            WriteProperties(json, next);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>An event as text, without the line feed.</summary>
    public static string Text(RelayEvent next)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, next);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).TrimEnd('\n');
    }

    private static void WriteProperties(Utf8JsonWriter json, RelayEvent next)
    {
        json.WriteString("event", NameOf(next));
        if (next is RelayRoomState state)
        {
            RoomJson.WriteStatus(json, state.Status);
            return;
        }

        json.WriteString("room", next.Channel);
        switch (next)
        {
            case RelayEntry entry:
                WritePosition(json, entry.Position);
                json.WriteString("from", entry.From);
                WriteEntry(json, entry);
                json.WriteString("at", entry.At);
                break;
            case RelayGap gap:
                WriteStep(json, gap.After, gap.Until);
                json.WriteString("reason", gap.Reason.ToString());
                WriteCount(json, gap.MessageCount);
                break;
            case RelayMoved moved:
                WriteStep(json, moved.From, moved.To);
                break;
            case RelayPresence presence:
                json.WriteString("user", presence.User);
                json.WriteBoolean("joined", presence.HasJoined);
                json.WriteString("at", presence.At);
                break;
            case RelayCounts counts:
                json.WriteNumber("members", counts.Total);
                json.WriteNumber("generation", counts.Generation);
                json.WriteStartArray("partitions");
                counts.Partitions.ToList().ForEach(count => json.WriteNumberValue(count));
                json.WriteEndArray();
                break;
            case RelayServiceChange service:
                json.WriteString("service", service.Service);
                json.WriteBoolean("available", service.IsAvailable);
                break;
            case RelayReactions reactions:
                json.WriteStartObject("reactions");
                foreach ((byte reaction, uint count) in reactions.Counts)
                {
                    json.WriteNumber(reaction.ToString(CultureInfo.InvariantCulture), count);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static string NameOf(RelayEvent next) => next switch
    {
        RelayMessage => "message",
        RelaySplit => "split",
        RelayRoomChange => "change",
        RelayDeletion => "deleted",
        RelayGap => "gap",
        RelayMoved => "moved",
        RelayPresence => "presence",
        RelayCounts => "counts",
        RelayReactions => "reactions",
        RelayRoomState => "room",
        RelayUpdate => "update",
        RelayCommandDone => "result",
        RelaySubscriptionNotice => "subscription",
        RelayServiceChange => "service",
        _ => next.GetType().Name,
    };

    private static void WriteEntry(Utf8JsonWriter json, RelayEntry entry)
    {
        switch (entry)
        {
            case RelayMessage { Kind: MessageKind.Text } message:
                json.WriteString("text", message.Payload.Span);
                break;
            case RelayMessage message:
                json.WriteBase64String("data", message.Payload.Span);
                break;
            case RelaySplit split:
                json.WriteBoolean("begins", split.IsBeginning);
                json.WriteStartObject("to");
                RoomJson.WritePartitioning(json, split.Notice.To, split.Notice.Sizes);
                json.WriteEndObject();
                break;
            case RelayRoomChange change:
                RoomJson.WriteControl(json, change.Control);
                break;
            case RelayUpdate update:
                ServiceJson.WriteUpdate(json, update);
                break;
            case RelayCommandDone done:
                ServiceJson.WriteDone(json, done);
                break;
            case RelaySubscriptionNotice notice:
                ServiceJson.WriteNotice(json, notice);
                break;
        }

        if (entry is not RelaySplit)
        {
            RoomJson.WriteMessageName(json, entry.ProducerId, entry.Number);
        }
    }

    private static void WritePosition(Utf8JsonWriter json, Position at)
    {
        json.WriteNumber("generation", at.Generation);
        json.WriteNumber("partition", at.Partition);
        json.WriteNumber("epoch", at.Epoch);
        json.WriteNumber("seq", at.Seq);
    }

    private static void WriteStep(Utf8JsonWriter json, Position from, Position to)
    {
        json.WriteStartObject("after");
        WritePosition(json, from);
        json.WriteEndObject();
        json.WriteStartObject("until");
        WritePosition(json, to);
        json.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter json, ulong? count)
    {
        if (count is { } messages)
        {
            json.WriteNumber("messages", messages);
        }
        else
        {
            json.WriteNull("messages");
        }
    }
}
