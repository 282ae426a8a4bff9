using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Style;

/// <summary>The repository that the tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] BuiltFolders = ["bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".git"];

    private static readonly Lazy<SourceFile[]> AllFiles = new(ReadAll);

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = ProtocolFolder.PathOf("").TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>The C# files below one of the folders.</summary>
    public static IEnumerable<SourceFile> Files(params string[] folders) =>
        AllFiles.Value.Where(file => folders.Any(folder => file.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>Files of the repository, from its root, with slashes; what a build makes is left out.</summary>
    public static IEnumerable<string> Paths(string pattern) =>
        Walk(Root, pattern).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static SourceFile[] ReadAll() =>
        [.. Paths("*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static IEnumerable<string> Walk(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !BuiltFolders.Contains(Path.GetFileName(inner)))
            .SelectMany(inner => Walk(inner, pattern)));
}
