using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using RelayServer.Accounts;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay auth rotate</c>: a new signing key before its time.</summary>
internal static class RotateCommand
{
    private const string Details =
        """
        The new key is published at once and signs after Auth:KeyLeadMinutes; until then, and until its last token has expired,
        the old one is accepted. The servers on the database, which may run, learn of it within half a minute. With --at-once the
        new key signs now and nothing that the old ones signed is accepted any more, as soon as edges have read the keys again
        (Tokens:KeySets:N:RefreshSeconds): for a key that somebody may have stolen. Sign-ins go on with their refresh tokens.
        """;

    public static Command Create()
    {
        var arguments = new SettingArguments(RelayRole.Auth);
        var atOnce = new Option<bool>("--at-once") { Description = "Sign with it now, and accept the old keys no more" };
        var command = new DetailedCommand("rotate", "Make a new signing key now; the servers on the database may run", Details) { atOnce };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RelaySettings settings = arguments.Load(parsed);
            AuthPart.Complete(settings.Auth, DataFolder.Open(DataFolder.Locate(settings.Data)));
            using ILoggerFactory loggers = Logs.CreateFactory(new LogOptions { Level = LogLevel.Warning }, RelayRole.Auth);
            try
            {
                (string key, DateTimeOffset from) = await AuthServer.RotateKeyAsync(
                    settings.Auth, parsed.GetValue(atOnce), TimeProvider.System, loggers, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"key {key} signs from {from:yyyy-MM-ddTHH:mm:ssZ}"));
                return ExitCode.Done;
            }
            catch (AuthStartException problem)
            {
                throw new StartException(problem.Message, problem);
            }
        });
        return command;
    }
}
