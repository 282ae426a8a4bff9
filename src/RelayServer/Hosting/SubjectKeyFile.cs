using System.Text;
using RelayServer.Guards;
using RelayServer.Protocol;

namespace RelayServer.Hosting;

/// <summary>The key by which services know users, as a file that goes from the authentication server to masters: base64, for its owner only.</summary>
internal static class SubjectKeyFile
{
    // What is longer is cut, and then no key.
    private const int FileBytesMax = 1024;

    /// <summary>Writes one.</summary>
    /// <exception cref="StartException">The file cannot be written.</exception>
    public static void Write(string path, byte[] key)
    {
        try
        {
            OwnerOnlyFile.Write(path, Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
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
            using FileStream file = File.OpenRead(path);
            if (OwnerOnlyFile.IsOpenToOthers(file))
            {
                throw new StartException($"Master:SubjectKeyFile: {path} may be read by others; run: chmod 600 {path}");
            }

            var bytes = new byte[FileBytesMax];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            byte[] key = Convert.FromBase64String(Encoding.ASCII.GetString(bytes, 0, length).Trim());
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
