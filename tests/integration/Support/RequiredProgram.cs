namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// Programs that a test needs on the machine. Without one a test is skipped, and says so; under <c>tests/run</c>,
/// which installs them, it fails.
/// </summary>
internal static class RequiredProgram
{
    private const string StrictVariable = "RELAY_TESTS_STRICT";

    // Debian keeps the programs of a PostgreSQL server, which there may be several of, out of everybody's way.
    private static readonly string[] PostgresFolders = Directory.Exists("/usr/lib/postgresql")
        ? [.. Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Reverse().Select(folder => Path.Combine(folder, "bin"))]
        : [];

    /// <summary>Whether a program is there, for fixtures: outside a test nothing can be skipped.</summary>
    public static bool IsThere(string name) => PathOf(name) is not null;

    /// <summary>The path of a program; skips or fails the running test when it is not there.</summary>
    public static string Find(string name)
    {
        if (PathOf(name) is { } path)
        {
            return path;
        }

        Missing(name);
        return name;
    }

    /// <summary>A file that an installed package has; skips or fails the running test when it is not there.</summary>
    public static string FindFile(string path, string package)
    {
        if (!File.Exists(path))
        {
            Missing(package);
        }

        return path;
    }

    private static string? PathOf(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':');
        return folders.Concat(PostgresFolders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static void Missing(string name)
    {
        string message = $"{name} is not installed; tests/run installs it";
        if (Environment.GetEnvironmentVariable(StrictVariable) == "1")
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
    }
}
