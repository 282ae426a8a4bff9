using RelayServer.Guards;
using RelayServer.Identity;

namespace RelayServer.Hosting;

/// <summary>
/// The folder of the one-process relay: its log, and, while it runs, the key and a token with which to chat. Mode 0700.
/// One process at a time uses it: the log, which is opened before anything else is written, holds its lock.
/// </summary>
internal sealed class DataFolder
{
    private const string TokenName = "token";
    private const string KeyName = "signing-key";
    private const string AuthName = "auth";

    private DataFolder(string path) => Path = path;

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>The file of the chat token.</summary>
    public string TokenFile => TokenFileIn(Path);

    /// <summary>The file with the address of the authentication server.</summary>
    public string AuthFile => AuthFileIn(Path);

    /// <summary>That file in a data folder; there while a one-process relay runs on it.</summary>
    public static string AuthFileIn(string folder) => System.IO.Path.Combine(folder, AuthName);

    /// <summary>The chat token's file in a data folder.</summary>
    public static string TokenFileIn(string folder) => System.IO.Path.Combine(folder, TokenName);

    /// <summary>The signing key's file in a data folder; there while a relay runs on it.</summary>
    public static string KeyFileIn(string folder) => System.IO.Path.Combine(folder, KeyName);

    /// <summary>The folder where there is no setting, as a full path; null when there is no home to put it in.</summary>
    public static string? Default
    {
        get
        {
            string? shared = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            if (string.IsNullOrEmpty(shared) || !System.IO.Path.IsPathFullyQualified(shared))
            {
                string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                if (home.Length == 0)
                {
                    return null;
                }

                shared = System.IO.Path.Combine(home, ".local", "share");
            }

            return System.IO.Path.Combine(shared, "relay");
        }
    }

    /// <summary>The folder that settings ask for, as a full path.</summary>
    /// <exception cref="StartException">They ask for none, and there is no default.</exception>
    public static string Locate(string? configured) => string.IsNullOrEmpty(configured)
        ? Default ?? throw new StartException("there is no home folder to keep data in; name one with --data DIR or RELAY_DATA")
        : System.IO.Path.GetFullPath(configured);

    /// <summary>Makes the folder when it is missing.</summary>
    /// <exception cref="StartException">It cannot be made, or others may write to it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

                // A folder that was there keeps its mode: it may be somebody's home. One that others may write is refused,
                // because they could put their own key in place of ours.
                if ((File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                {
                    throw new StartException($"others may write to the data folder {path}; run: chmod 700 {path}");
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, problem);
        }

        return new DataFolder(path);
    }

    /// <summary>Publishes the key and a token for the tools of the same user.</summary>
    public void WriteCredentials(SigningKey key, string token)
    {
        try
        {
            // Who finds the key finds the token that it has signed, too.
            OwnerOnlyFile.Write(TokenFile, System.Text.Encoding.ASCII.GetBytes(token + "\n"));
            SigningKeyFile.Write(KeyFileIn(Path), key);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Path, problem);
        }
    }

    /// <summary>Takes key and token away.</summary>
    public void DeleteCredentials()
    {
        File.Delete(KeyFileIn(Path));
        File.Delete(TokenFile);
    }

    private static StartException Unwritable(string path, Exception problem) =>
        new($"the data folder {path} cannot be written: {problem.Message.TrimEnd('.')}; choose another one with --data DIR", problem);
}
