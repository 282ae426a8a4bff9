using System.CommandLine;
using RelayServer.Accounts;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay auth subject-key</c>: what masters need to know users by the same names towards services.</summary>
internal static class SubjectKeyCommand
{
    private const string Details =
        """
        Services know a user by a name that tells nobody who he is, made with a key of the authentication server. Give the file to
        every master (Master:SubjectKeyFile): then a service that is called in a chat window and one that is shown a token know the same user by
        the same name. Whoever has the key can find out which names are one user's: keep it as secret as the server's own secret.
        """;

    public static Command Create()
    {
        var arguments = new SettingArguments(RelayRole.Auth);
        var file = new Argument<string>("FILE") { Description = "Where to write it, for its owner only" };
        var command = new DetailedCommand("subject-key", "Write the key by which services know users, for masters", Details) { file };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RelaySettings settings = arguments.Load(parsed);
            AuthPart.Complete(settings.Auth, DataFolder.Open(DataFolder.Locate(settings.Data)));
            try
            {
                SubjectKeyFile.Write(parsed.GetRequiredValue(file), await AuthServer.ReadSubjectKeyAsync(settings.Auth.SecretFile!, cancellationToken));
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
