using RelayServer.Identity;

namespace RelayServer.Hosting;

/// <summary>
/// The folder of the one-process relay: its log, and, while it runs, the key and a token with which to chat. Mode 0700.
/// One process at a time uses it.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string TokenName = "token";
    private const string KeyName = "signing-key";
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>The file of the chat token.</summary>
    public string TokenFile => TokenFileIn(Path);

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

    /// <summary>Makes the folder when it is missing, and holds it until disposed.</summary>
    /// <exception cref="StartException">It cannot be written, or another relay holds it.</exception>
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

        return new DataFolder(path, Lock(path));
    }

    /// <summary>Publishes the key and a token for the tools of the same user.</summary>
    public void WriteCredentials(SigningKey key, string token)
    {
        try
        {
            SigningKeyFile.Write(KeyFileIn(Path), key);
            OwnerOnlyFile.Write(TokenFile, System.Text.Encoding.ASCII.GetBytes(token + "\n"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Path, problem);
        }
    }

    /// <summary>Takes key and token away.</summary>
    public void DeleteCredentials()
    {
        File.Delete(TokenFile);
        File.Delete(KeyFileIn(Path));
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        string file = System.IO.Path.Combine(path, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw Unwritable(path, problem);
        }
        catch (IOException problem) when (File.Exists(file))
        {
            throw new StartException(
                $"the data folder {path} is in use by another relay; stop that one or choose another folder with --data DIR", problem);
        }
        catch (IOException problem)
        {
            throw Unwritable(path, problem);
        }
    }

    private static StartException Unwritable(string path, Exception problem) =>
        new($"the data folder {path} cannot be written: {problem.Message.TrimEnd('.')}; choose another one with --data DIR", problem);
}
