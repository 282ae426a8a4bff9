using System.Text;
using RelayServer.Guards;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>The secrets of a hook: a file with one a line, read again when it changes. Empty lines and those with # are passed over.</summary>
/// <param name="path">The file; its owner alone may read and write it.</param>
internal sealed class SecretFile(string path)
{
    private readonly Lock _gate = new();
    private (DateTime WrittenAt, long Bytes) _version;
    private List<byte[]> _secrets = [];

    /// <summary>The secrets that are good now.</summary>
    /// <exception cref="InvalidDataException">The file cannot be used; the message is for the operator and holds no secret.</exception>
    public IReadOnlyList<byte[]> Read()
    {
        try
        {
            var file = new FileInfo(path);
            (DateTime, long) version = (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
            lock (_gate)
            {
                if (_secrets.Count == 0 || version != _version)
                {
                    _secrets = Parse();
                    _version = version;
                }

                return _secrets;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    private List<byte[]> Parse()
    {
        using FileStream stream = File.OpenRead(path);
        if (OwnerOnlyFile.IsOpenToOthers(stream))
        {
            throw new InvalidDataException($"others may use {path}; run: chmod 600 {path}");
        }

        if (stream.Length > HookLimits.SecretFileBytesMax)
        {
            throw new InvalidDataException($"{path} is larger than {HookLimits.SecretFileBytesMax} bytes");
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        string[] lines = [.. reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        if (lines.Length is 0 or > HookLimits.SecretsMax || Array.Exists(lines, line => line.Length < HookLimits.SecretCharactersMin))
        {
            throw new InvalidDataException(
                $"{path} needs 1 to {HookLimits.SecretsMax} secrets, one a line, of at least {HookLimits.SecretCharactersMin} characters each");
        }

        return [.. lines.Select(Encoding.UTF8.GetBytes)];
    }
}
