using System.Diagnostics;

namespace RelayServer.Guards;

/// <summary>Files for secrets: mode 0600 from their first byte, replaced as a whole.</summary>
public static class OwnerOnlyFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // For what another holds, and how often it is tried meanwhile.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// True when others than its owner may do something with a file. It is asked of what was opened, so that what is checked is what is read. A
    /// pipe or a terminal, as in <c>--token-file &lt;(command)</c>, has no owner to check.
    /// </summary>
    public static bool IsOpenToOthers(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return !OperatingSystem.IsWindows() && file.CanSeek && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0;
    }

    /// <summary>
    /// Writes a file that only its owner may read. The bytes go to a new file beside it, which then takes its name, so
    /// that nobody reads half a secret and an older file's wider mode is not kept.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var file = new FileStream(draft, Options(FileMode.CreateNew)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>The same for a file that is not there yet; one that is stays as it is. Of several that do this at once, one writes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static async Task CreateOnceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        // A move that does not overwrite looks first and moves then: of two that do so at once, the second would replace what the first has read.
        using FileStream held = await LockAsync(path + ".lock", cancellationToken).ConfigureAwait(false);
        if (!File.Exists(path))
        {
            Write(path, content.Span);
        }
    }

    /// <summary>
    /// Waits until nobody else holds a file, which is made when it is not there, and holds it until it is disposed; the system lets it go when
    /// the process ends. The file stays: one that is removed could be held by two.
    /// </summary>
    /// <exception cref="IOException">It cannot be made, or another holds it for too long.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, Options(FileMode.OpenOrCreate));
            }
            catch (IOException) when (File.Exists(path) && Stopwatch.GetElapsedTime(start) < LockPatience)
            {
                await Task.Delay(LockPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
