using System.Text;
using RelayServer.Guards;

namespace RelayServer.Identity;

/// <summary>Keys in files. A file with a secret must be readable by its owner only; no other is read or written.</summary>
public static class SigningKeyFile
{
    /// <summary>The largest key file that is read, in bytes.</summary>
    public const int FileBytesMax = 16 * 1024;

    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Reads a JSON Web Key or a PEM file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="id">The key id to use instead of the file's own; required for PEM.</param>
    /// <exception cref="KeyException">It cannot be read, is not a key, or others may read or change it.</exception>
    public static SigningKey Read(string path, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            SigningKey key = KeyDocument.Parse(ReadText(file), id);
            CheckMode(path, file, key);
            return key;
        }
        catch (KeyException problem)
        {
            throw new KeyException($"key file {path}: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new KeyException($"key file {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// Writes a key as JSON Web Key in one step: other processes see the old file, the whole new one, or none. Its mode is
    /// 0600, or 0644 for a public half, which may be read by everybody and changed by its owner.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        OwnerOnlyFile.Write(path, KeyDocument.Write(key));
        if (!key.CanSign && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private static string ReadText(FileStream file)
    {
        var bytes = new byte[FileBytesMax + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > FileBytesMax
            ? throw new KeyException($"the file is larger than {FileBytesMax} bytes")
            : Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static void CheckMode(string path, FileStream file, SigningKey key)
    {
        if (key.CanSign && OwnerOnlyFile.IsOpenToOthers(file))
        {
            throw new KeyException($"it holds a secret and others may use it; run: chmod 600 {path}");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & OthersMayWrite) != 0)
        {
            throw new KeyException($"others may change it; run: chmod 644 {path}");
        }
    }
}
