using RelayServer.Identity;
using RelayServer.Protocol;

namespace RelayServer.Hosting;

/// <summary>The key by which services know users, as a file that goes from the authentication server to masters: base64, for its owner only.</summary>
internal static class SubjectKeyFile
{
    /// <summary>Writes one.</summary>
    /// <exception cref="StartException">The file cannot be written.</exception>
    public static void Write(string path, byte[] key)
    {
        try
        {
            OwnerOnlyFile.Write(path, System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="StartException">It cannot be read, is no such key, or others may read it.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            {
                throw new StartException($"Master:SubjectKeyFile: {path} may be read by others; run: chmod 600 {path}");
            }

            byte[] key = Convert.FromBase64String(File.ReadAllText(path).Trim());
            return key.Length == PairwiseSubject.KeyBytes ? key : throw new FormatException();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Master:SubjectKeyFile: {path}: {problem.Message}", problem);
        }
        catch (FormatException problem)
        {
            throw new StartException($"Master:SubjectKeyFile: {path} is no key that 'relay auth subject-key' has written", problem);
        }
    }
}
