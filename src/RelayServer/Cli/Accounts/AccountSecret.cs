using RelayServer.Cli.Connections;
using RelayServer.Guards;

namespace RelayServer.Cli.Accounts;

/// <summary>Passwords, codes and tokens of providers: from a file of their owner's, or asked for. Never from the command line.</summary>
internal static class AccountSecret
{
    /// <summary>The first line of a file.</summary>
    /// <exception cref="CommandFailureException">It cannot be used.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new CommandFailureException(ClientExitCode.Token, $"{path} is open to others; run: chmod 600 {path}");
            }

            using StreamReader reader = new(file);
            return reader.ReadLine() is { Length: > 0 } line ? line : throw new CommandFailureException(ClientExitCode.Token, $"{path} is empty");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"{path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>A password from a file, or asked for.</summary>
    /// <exception cref="CommandFailureException">There is none.</exception>
    public static async Task<string> ReadPasswordAsync(string? file, AccountConsole console, bool twice, CancellationToken cancellationToken, string question = "Password")
    {
        if (file is not null)
        {
            return ReadFile(file);
        }

        string? password = await console.ReadSecretAsync($"{question}: ", cancellationToken);
        if (string.IsNullOrEmpty(password))
        {
            throw new CommandFailureException(ClientExitCode.Token, "no password was given; type it, or name its file with --password-file FILE");
        }

        return !twice || await console.ReadSecretAsync("Again: ", cancellationToken) == password
            ? password
            : throw new CommandFailureException(ClientExitCode.Token, "the two passwords differ");
    }
}
