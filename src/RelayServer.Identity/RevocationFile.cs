using System.Collections.Frozen;
using System.Text;

namespace RelayServer.Identity;

/// <summary>
/// A file that lists what is revoked: a token id (<c>jti</c>), <c>user:ID</c> or <c>session:ID</c> a line; <c>#</c> begins a comment. It is
/// looked at again at most once a second. A file that cannot be read any more keeps what was
/// last read: an accident with the file must not bring revoked tokens back.
/// </summary>
public sealed class RevocationFile : ITokenRevocations
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int FileBytesMax = 16 * 1024 * 1024;

    private const string UserMark = "user:";
    private const string SessionMark = "session:";
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private volatile FrozenSet<string> _lines;
    private volatile int _version;
    private (DateTime ChangedAt, long Bytes) _read;
    private long _lookedAt;

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public RevocationFile(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(time);
        _path = path;
        _time = time;
        _read = Look(path);
        _lines = Read(path);
        _lookedAt = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public int Refresh()
    {
        LookAgain();
        return _version;
    }

    /// <inheritdoc/>
    public bool IsRevoked(TokenIdentity token, string userId)
    {
        ArgumentNullException.ThrowIfNull(token);
        FrozenSet<string> lines = _lines;
        return lines.Contains(UserMark + userId)
            || (token.TokenId.Length > 0 && lines.Contains(token.TokenId))
            || (token.SessionId.Length > 0 && lines.Contains(SessionMark + token.SessionId));
    }

    // Before it is read, and with its length: what is written within a tick of the file system's clock has one time.
    private static (DateTime ChangedAt, long Bytes) Look(string path)
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : 0);
    }

    private static FrozenSet<string> Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > FileBytesMax)
        {
            throw new InvalidDataException($"{path} is larger than {FileBytesMax} bytes");
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        HashSet<string> lines = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                lines.Add(line);
            }
        }

        return lines.ToFrozenSet(StringComparer.Ordinal);
    }

    private void LookAgain()
    {
        // Whoever comes while another looks goes on with what is known.
        if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LookInterval || !_looking.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            (DateTime, long) now = Look(_path);
            if (now != _read)
            {
                _lines = Read(_path);
                _read = now;
                _version++;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Keeps what was read before, as said above; the next look tries again.
        }
        finally
        {
            _looking.Exit();
        }
    }
}
