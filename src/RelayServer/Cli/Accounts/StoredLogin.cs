using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Guards;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary>A sign-in that is kept between commands, in a file that only its owner may read.</summary>
internal sealed record StoredLogin
{
    /// <summary>Where the authentication server is.</summary>
    public required Uri Auth { get; init; }

    public required string UserId { get; init; }

    public required string RefreshToken { get; init; }

    public required string AccessToken { get; init; }

    /// <summary>When the access token ends, in seconds since 1970.</summary>
    public required long AccessExpiresAt { get; init; }

    /// <summary>The file in a data folder.</summary>
    public static string FileIn(string folder) => Path.Combine(folder, "login");

    /// <summary>Reads the one of a data folder; null when there is none.</summary>
    /// <exception cref="CommandFailureException">It cannot be used.</exception>
    public static StoredLogin? Read(string folder)
    {
        string path = FileIn(folder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new CommandFailureException(ClientExitCode.Token, $"the login file {path} is open to others; run: chmod 600 {path}");
            }

            return JsonSerializer.Deserialize(file, StoredLoginJson.Default.StoredLogin) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"the login file {path} is broken; sign in again with 'relay login'");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"the login file {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="CommandFailureException">It cannot be written.</exception>
    public void Write(string folder)
    {
        try
        {
            DataFolder.Open(folder);
            OwnerOnlyFile.Write(FileIn(folder), JsonSerializer.SerializeToUtf8Bytes(this, StoredLoginJson.Default.StoredLogin));
        }
        catch (StartException problem)
        {
            throw new CommandFailureException(ClientExitCode.Token, problem.Message, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailureException(ClientExitCode.Token, $"the login cannot be kept in {FileIn(folder)}: {problem.Message}", problem);
        }
    }

    /// <summary>Takes the one of a data folder away.</summary>
    public static void Delete(string folder) => File.Delete(FileIn(folder));
}
