using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>Passwords, codes and tokens of providers: from a file of their owner's, or asked for. Never from the command line.</summary>
internal static class AccountSecret
{
    private const UnixFileMode OthersMode =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The first line of a file.</summary>
    /// <exception cref="CommandFailureException">It cannot be used.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            bool regular = (File.GetAttributes(path) & (FileAttributes.Device | FileAttributes.Directory)) == 0;
            if (!OperatingSystem.IsWindows() && regular && (File.GetUnixFileMode(path) & OthersMode) != 0)
            {
                throw new CommandFailureException(ClientExitCode.Token, $"{path} is open to others; run: chmod 600 {path}");
            }

            using StreamReader reader = File.OpenText(path);
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
