using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Hosting;
using RelayServer.Options;
using RelayServer.Storage;

namespace RelayServer.Cli.Services;

/// <summary><c>relay publish-update</c>: gives a service something to tell of, as a feed or a webhook does, for scripts.</summary>
internal static class PublishUpdateCommand
{
    private const int IdBytes = 16;
    private const int WaitSecondsDefault = 15;
    internal const int WaitSecondsMax = 3600;

    private const string Help =
        """
        The item is put into the store of the service, from which the process that runs it sends it; what is there is not lost, and is sent once.
        Name the same settings as that process has: --config, --data, --set or the environment. Without, they are those of 'relay'.

        Examples:
          relay publish-update news --topic headlines --title "Ferry is late" --text "By about an hour." --link https://gazette.example/late --subject traffic
          relay publish-update stock --config services.json --item order-17 --title "Order 17 has left" --wait 0

        Exit codes: 0 sent, known before, or not waited for; 1 kept but not sent in time, or no store; 2 wrong usage; 5 refused by the relay.
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var service = new Argument<string>("SERVICE") { Description = "Name of the service" };
        var topic = new Option<string?>("--topic") { Description = "Topic of the service [default: its first]", HelpName = "NAME" };
        var room = new Option<string?>("--room") { Description = "A room that has let the service in, instead of a topic", HelpName = "ROOM" };
        var title = new Option<string>("--title") { Description = "Heading", HelpName = "TEXT", Required = true };
        var text = new Option<string>("--text") { Description = "What it says", HelpName = "TEXT", DefaultValueFactory = _ => string.Empty };
        var link = new Option<string>("--link") { Description = "Where to read on", HelpName = "URL", DefaultValueFactory = _ => string.Empty };
        var image = new Option<string>("--image") { Description = "Address of a picture", HelpName = "URL", DefaultValueFactory = _ => string.Empty };
        var subject = new Option<string[]>("--subject") { Description = "What it is about; repeat it for more", HelpName = "NAME" };
        var item = new Option<string?>("--item") { Description = "Names it for you: the same again does nothing [default: random]", HelpName = "ID" };
        var wait = new Option<int>("--wait") { Description = "How long to wait until it is sent; 0 does not", HelpName = "SECONDS", DefaultValueFactory = _ => WaitSecondsDefault };
        var json = new Option<bool>("--json") { Description = "Print the result as an object" };
        var settings = new SettingArguments(RelayRole.Subscriptions);
        var command = new DetailedCommand("publish-update", "Tell those who have subscribed to a service of something new", Help)
        {
            service, topic, room, title, text, link, image, subject, item, wait, json,
        };
        settings.AddSourcesTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(service);
            var draft = new ItemDraft(
                parsed.GetValue(item) ?? RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true), parsed.GetRequiredValue(title),
                parsed.GetValue(text)!, parsed.GetValue(link)!, parsed.GetValue(image)!, parsed.GetValue(subject) ?? []);
            Check(draft, parsed.GetValue(topic), parsed.GetValue(room), parsed.GetValue(wait));
            var output = new PublishReport(name, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return RunAsync(
                settings.Load(parsed), draft, parsed.GetValue(topic), parsed.GetValue(room), TimeSpan.FromSeconds(parsed.GetValue(wait)), output, cancellationToken);
        });
        return command;
    }

    private static void Check(ItemDraft draft, string? topic, string? room, int wait)
    {
        string? problem = room is null ? null
            : topic is not null || draft.Subjects.Count > 0 ? "--room goes without --topic and --subject: an update is for a room or for those who have subscribed"
            : RoomName.Check(room) is { } unusable ? $"--room: {unusable}"
            : null;
        problem ??= draft.Id.Length is 0 or > ItemDraft.IdCharactersMax ? $"--item: 1 to {ItemDraft.IdCharactersMax} characters" : null;
        problem ??= draft.Subjects.Count > ItemDraft.SubjectsMax ? $"--subject: at most {ItemDraft.SubjectsMax}" : null;
        problem ??= wait is < 0 or > WaitSecondsMax ? $"--wait: 0 to {WaitSecondsMax}" : null;
        if (problem is not null)
        {
            throw new SettingsException([problem]);
        }
    }

    private static async Task<int> RunAsync(
        RelaySettings settings, ItemDraft draft, string? topic, string? room, TimeSpan wait, PublishReport report, CancellationToken cancellationToken)
    {
        try
        {
            await using ItemPublisher publisher = await OpenAsync(settings, report.Service, cancellationToken);
            PublishedItem published = await publisher.PublishAsync(draft, topic, room, cancellationToken)
                ?? throw new CommandFailureException(ExitCode.Failed, $"too many updates of {report.Service} wait for the relay; nothing was added");
            UpdateFate? fate = published.Number == 0 || wait == TimeSpan.Zero ? null : await publisher.WaitAsync(published, wait, cancellationToken);
            return report.Write(published, fate, wait);
        }
        catch (FormatException problem)
        {
            throw new SettingsException([problem.Message]);
        }
        catch (DatabaseException problem)
        {
            throw new CommandFailureException(ExitCode.Failed, $"Adapters:Storage: {problem.Message}", problem);
        }
    }

    private static async Task<ItemPublisher> OpenAsync(RelaySettings settings, string name, CancellationToken cancellationToken)
    {
        IList<SubscriptionsOptions> services = AdapterSettings.ServicesOf(settings);
        SubscriptionsOptions service = services.FirstOrDefault(service => service.Name == name) ?? throw new SettingsException([
            $"there is no service \"{name}\" in these settings, but: {string.Join(", ", services.Select(service => service.Name))}; --config names a file with others"]);
        string? file = AdapterSettings.StoreFile(settings.Adapters, DataFolder.Locate(settings.Data));
        if (file is not null && !File.Exists(file))
        {
            throw new CommandFailureException(ExitCode.Failed, $"there is no store {file}: no process has run services with these settings; --data, --config or --set name others");
        }

        settings.Adapters.Storage.File = file;
        return await ItemPublisher.OpenAsync(settings.Adapters.Storage, service, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken)
            ?? throw new CommandFailureException(ExitCode.Failed, $"no process has run {name} on this store{(file is null ? string.Empty : $", {file}")}");
    }
}
