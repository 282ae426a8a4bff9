namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The files of the repository that the tests of the protocol read.</summary>
internal static class ProtocolFolder
{
    private static readonly Lazy<string> Root = new(FindRoot);

    /// <summary>The path of a file or folder, given from the root of the repository.</summary>
    public static string PathOf(string relativePath) => Path.Combine(Root.Value, relativePath);

    /// <summary>The text of a file of the folder <c>protocol</c>.</summary>
    public static string Read(string name) => File.ReadAllText(PathOf(Path.Combine("protocol", name)));

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "RelayServer.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no RelayServer.sln above {AppContext.BaseDirectory}");
    }
}
