using RelayServer.Cli.Connections;
using RelayServer.Guards;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary>
/// The login of a data folder, for one command at a time: a refresh token is good once, and one that is written over a newer one ends the sign-in
/// when it is used.
/// </summary>
internal static class LoginLock
{
    /// <summary>Waits until no other command has it, and has it until it is disposed.</summary>
    /// <exception cref="CommandFailureException">Another has it for too long, or the folder cannot be used.</exception>
    public static async Task<FileStream> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            DataFolder.Open(folder);
            return await OwnerOnlyFile.LockAsync(StoredLogin.FileIn(folder) + ".lock", cancellationToken);
        }
        catch (StartException problem)
        {
            throw new CommandFailureException(ClientExitCode.Token, problem.Message, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"the login in {folder} cannot be used: {problem.Message}", problem);
        }
    }
}
