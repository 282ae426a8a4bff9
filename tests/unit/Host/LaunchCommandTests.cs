using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>What people are told to type.</summary>
public sealed class LaunchCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-launch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Describe_BuiltFromItsProject_IsDotnetRunFromWhereTheUserIs()
    {
        string project = Path.Combine(_folder, "src", "RelayServer");
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(project, "RelayServer.csproj"), string.Empty);
        string program = Path.Combine(project, "bin", "Release", "net10.0");

        Assert.Equal(
            "dotnet run -c Release --no-build --project src/RelayServer --",
            LaunchCommand.Describe(Path.Combine(program, "relay"), program + "/", _folder, "/usr/bin"));
        Assert.Equal(
            $"dotnet run -c Release --no-build --project {project} --",
            LaunchCommand.Describe(Path.Combine(program, "relay"), program + "/", "/usr", "/usr/bin"));
    }

    [Theory]
    [InlineData("/opt/relay/relay", "/opt/relay/", "/usr/bin", "/opt/relay/relay")]
    [InlineData("/opt/relay/relay", "/opt/relay/", "/usr/bin:/opt/relay", "relay")]
    [InlineData("/opt/my relay/relay", "/opt/my relay/", "/usr/bin", "'/opt/my relay/relay'")]
    [InlineData("/usr/bin/dotnet", "/opt/relay/", "/usr/bin", "dotnet /opt/relay/relay.dll")]
    public void Describe_Installed_IsWhatTheShellFinds(string process, string program, string searchPath, string expected)
    {
        Assert.Equal(expected, LaunchCommand.Describe(process, program, _folder, searchPath));
    }

    [Theory]
    [InlineData("/plain/path-1.0_x", "/plain/path-1.0_x")]
    [InlineData("/it's", @"'/it'\''s'")]
    [InlineData("/$HOME", "'/$HOME'")]
    public void Quote_Path_IsOneWordToTheShell(string path, string expected)
    {
        Assert.Equal(expected, LaunchCommand.Quote(path));
    }
}
