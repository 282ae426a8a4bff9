using System.Text;
using System.Text.Json;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Services;

/// <summary>Says what has become of an item that was handed in.</summary>
/// <param name="service">Whose.</param>
/// <param name="isJson">As an object?</param>
/// <param name="output">Takes it.</param>
internal sealed class PublishReport(string service, bool isJson, TextWriter output)
{
    /// <summary>The service.</summary>
    public string Service => service;

    /// <summary>Writes it; the exit code.</summary>
    /// <param name="published">The item.</param>
    /// <param name="fate">What has become of it; null when nobody waited.</param>
    /// <param name="waited">How long somebody did.</param>
    /// <exception cref="CommandFailureException">It is not where it was to go.</exception>
    public int Write(PublishedItem published, UpdateFate? fate, TimeSpan waited)
    {
        string state = (published.Number, fate?.State) switch
        {
            (0, _) => "known",
            (_, UpdateState.Sent) => "sent",
            (_, UpdateState.Refused) => "refused",
            _ => "kept",
        };
        if (isJson)
        {
            output.WriteLine(Json(published, state));
        }
        else if (fate?.State is null or UpdateState.Sent)
        {
            output.WriteLine(state switch
            {
                "known" => $"{published.Item} was there before; nothing is sent",
                "kept" => $"kept {published.Item} for {published.Target}",
                _ => $"published {published.Item} to {published.Target}",
            });
        }

        return fate switch
        {
            { State: UpdateState.Refused } => throw new CommandFailureException(
                ClientExitCode.Refused, TerminalText.Safe($"the relay refuses {published.Item} for {published.Target}, and it was dropped: {fate.Value.Reason}")),
            { State: UpdateState.InHand } => throw Late(published, waited, "a process has it in hand, but the relay has not taken it yet"),
            { State: UpdateState.Waiting } => throw Late(published, waited, $"no process that runs {service} on this store has taken it"),
            _ => ExitCode.Done,
        };
    }

    private static CommandFailureException Late(PublishedItem published, TimeSpan waited, string why) => new(
        ExitCode.Failed, $"{published.Item} is kept, but was not sent within {Duration.Format(waited)}: {why}; it is sent when that changes");

    private string Json(PublishedItem published, string state)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, RoomJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("service", service);
            json.WriteString("item", published.Item);
            json.WriteString("target", published.Target);
            json.WriteString("state", state);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
