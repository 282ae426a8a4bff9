namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// Programs that a test needs on the machine. Without one a test is skipped, and says so; under <c>tests/run</c>,
/// which installs them, it fails.
/// </summary>
internal static class RequiredProgram
{
    private const string StrictVariable = "RELAY_TESTS_STRICT";

    /// <summary>The path of a program; skips or fails the running test when it is not there.</summary>
    public static string Find(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':');
        string? path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            return path;
        }

        string message = $"{name} is not installed; tests/run installs it";
        if (Environment.GetEnvironmentVariable(StrictVariable) == "1")
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
        return name;
    }
}
