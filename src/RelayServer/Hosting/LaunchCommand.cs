using System.Buffers;

namespace RelayServer.Hosting;

/// <summary>How this program was started, so that what it tells people to type works where they are.</summary>
internal static class LaunchCommand
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:,@%=");

    /// <summary>What to put before <c>chat</c> or <c>token</c> in the present folder.</summary>
    public static string Describe() =>
        Describe(Environment.ProcessPath, AppContext.BaseDirectory, Environment.CurrentDirectory, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>What to put before a command.</summary>
    /// <param name="process">The running executable.</param>
    /// <param name="programFolder">Where the program's files are.</param>
    /// <param name="currentFolder">Where the user is.</param>
    /// <param name="searchPath">Folders in which the shell looks.</param>
    public static string Describe(string? process, string programFolder, string currentFolder, string? searchPath)
    {
        string program = Path.TrimEndingDirectorySeparator(programFolder);
        if (FindProject(program) is { } project)
        {
            // Without --no-build the second terminal would first build what already runs.
            string configuration = program.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                ? "Release"
                : "Debug";
            return $"dotnet run -c {configuration} --no-build --project {Quote(Nearby(currentFolder, project))} --";
        }

        if (process is null || Path.GetFileNameWithoutExtension(process) == "dotnet")
        {
            return $"dotnet {Quote(Path.Combine(program, "relay.dll"))}";
        }

        string folder = Path.GetDirectoryName(process) ?? string.Empty;
        bool found = searchPath?.Split(Path.PathSeparator).Contains(folder, StringComparer.Ordinal) == true;
        return found ? Path.GetFileName(process) : Quote(process);
    }

    /// <summary>A path as a POSIX shell takes it for one word.</summary>
    public static string Quote(string path) =>
        path.AsSpan().ContainsAnyExcept(PlainCharacters) ? "'" + path.Replace("'", @"'\''", StringComparison.Ordinal) + "'" : path;

    private static string Nearby(string currentFolder, string path)
    {
        string relative = Path.GetRelativePath(currentFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    // bin/Release/net10.0 below a project's folder.
    private static string? FindProject(string program)
    {
        string? folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(program)));
        return folder is not null && File.Exists(Path.Combine(folder, "RelayServer.csproj")) ? folder : null;
    }
}
