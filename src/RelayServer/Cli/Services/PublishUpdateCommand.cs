using System.CommandLine;
using System.Security.Cryptography;
using RelayServer.Cli.Chat;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Cli.Services;

/// <summary><c>relay publish-update</c>: tells of something in the name of a service, for scripts.</summary>
internal static class PublishUpdateCommand
{
    private const string Agent = "relay-publish-update/0.1";
    private const int ItemBytes = 16;

    // A client heals itself for ever; a command has an end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Help =
        """
        The service has to be registered: some instance of it runs, and says which topics and subjects there are. On the relay's machine
        the token is made with the key in its data folder; elsewhere name one with --token-file that has the role service and names the service.

        Example:
          relay publish-update news --topic headlines --title "Ferry is late" --text "By about an hour." --link https://gazette.example/late --subject traffic

        Exit codes: 0 it is in the log, 1 no relay, 2 wrong usage, 3 the token, 5 refused.
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var service = new Argument<string>("service") { Description = "Name of the service", HelpName = "SERVICE" };
        var topic = new Option<string?>("--topic") { Description = "Topic of the service [default: updates]", HelpName = "NAME" };
        var room = new Option<string?>("--room") { Description = "A room that has let the service in, instead of a topic", HelpName = "ROOM" };
        var title = new Option<string>("--title") { Description = "Heading", HelpName = "TEXT", Required = true };
        var text = new Option<string?>("--text") { Description = "What it says", HelpName = "TEXT" };
        var link = new Option<string?>("--link") { Description = "Where to read on", HelpName = "URL" };
        var image = new Option<string?>("--image") { Description = "Address of a picture", HelpName = "URL" };
        var subject = new Option<string[]>("--subject") { Description = "What it is about; repeat it for more", HelpName = "NAME" };
        var item = new Option<string?>("--item") { Description = "What names it in the service [default: random]", HelpName = "ID" };
        var connection = new ConnectionArguments();
        var command = new DetailedCommand("publish-update", "Tell those who have subscribed to a service of something new", Help)
        {
            service, topic, room, title, text, link, image, subject, item,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(service);
            if (parsed.GetValue(topic) is not null && parsed.GetValue(room) is not null)
            {
                throw new SettingsException(["--room goes without --topic: an update is for one of them"]);
            }

            var card = new ServiceCard
            {
                Item = parsed.GetValue(item) ?? RandomNumberGenerator.GetHexString(2 * ItemBytes, lowercase: true),
                Title = parsed.GetRequiredValue(title),
                Text = parsed.GetValue(text) ?? string.Empty,
                Link = parsed.GetValue(link) ?? string.Empty,
                Image = parsed.GetValue(image) ?? string.Empty,
            };
            string target = parsed.GetValue(room) ?? $"topic:{name}.{parsed.GetValue(topic) ?? "updates"}";
            await PublishAsync(Choose(connection, parsed, name), name, target, card, parsed.GetValue(subject) ?? [], cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"published {card.Item} to {target}");
            return ExitCode.Done;
        });
        return command;
    }

    // Without a token of its own, one is made that names the service.
    private static ConnectionChoice Choose(ConnectionArguments connection, ParseResult parsed, string service)
    {
        ConnectionChoice choice = connection.Read(parsed, Environment.GetEnvironmentVariable);
        bool hasToken = parsed.GetValue<string?>("--token-file") is not null || parsed.GetValue<string?>("--token") is not null
            || Environment.GetEnvironmentVariable(ConnectionToken.Variable) is { Length: > 0 };
        if (hasToken)
        {
            return choice;
        }

        string? data = parsed.GetValue<string?>("--data");
        return choice with
        {
            TokenProvider = _ =>
            {
                (TrustedKey key, string audience) = LocalToken.Read(data, otherAdvice: ", or for a relay elsewhere give --token-file FILE");
                return ValueTask.FromResult(LocalToken.Mint(key, audience, parsed.GetValue<string?>("--user") ?? $"service-{service}", TimeSpan.FromMinutes(5), TokenRole.Service, service));
            },
        };
    }

    private static async Task PublishAsync(
        ConnectionChoice connection, string service, string target, ServiceCard card, string[] subjects, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await using var client = new RelayClient(connection.OptionsFor(Agent));
            await client.ConnectAsync(timeout.Token);
            await client.UpdateAsync(service, target, card, subjects, timeout.Token);
        }
        catch (ArgumentException e)
        {
            throw new SettingsException([e.Message]);
        }
        catch (RelayException e)
        {
            throw new CommandFailureException(ClientExitCode.Of(e), ChatFormat.ForTerminal(ConnectionAdvice.For(e)), e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailureException(
                ClientExitCode.Connection, $"the relay did not answer within {Duration.Format(Patience)}; the update may or may not be in the log");
        }
    }
}
