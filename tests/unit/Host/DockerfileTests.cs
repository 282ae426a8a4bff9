using System.Xml.Linq;
using RelayServer.UnitTests.Style;

namespace RelayServer.UnitTests.Host;

/// <summary>What the Dockerfile copies is there, and it copies what restore needs.</summary>
public sealed class DockerfileTests
{
    private static IEnumerable<string> Sources => File.ReadLines(Path.Combine(SourceTree.Root, "Dockerfile"))
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]);

    [Fact]
    public void Copy_EverySource_IsInTheRepository()
    {
        Assert.All(Sources, source => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, source)), source));
    }

    [Fact]
    public void Copy_ProjectsOfTheExecutable_AreAllThereWithTheirLockFiles()
    {
        string[] projects = [.. Closure("src/RelayServer/RelayServer.csproj").Distinct()];

        Assert.Subset(Sources.ToHashSet(), projects.ToHashSet());
        Assert.Subset(Sources.ToHashSet(), projects.Select(project => Path.GetDirectoryName(project) + "/packages.lock.json").ToHashSet());
    }

    [Fact]
    public void Ignore_BuildOutputAndTests_StayOutside()
    {
        string[] ignored = File.ReadAllLines(Path.Combine(SourceTree.Root, ".dockerignore"));

        Assert.Subset(ignored.ToHashSet(), new HashSet<string> { "**/bin", "**/obj", ".git", "tests" });
    }

    private static IEnumerable<string> Closure(string project)
    {
        yield return project;
        string folder = Path.GetDirectoryName(project)!;
        foreach (string reference in XElement.Load(Path.Combine(SourceTree.Root, project)).Descendants("ProjectReference").Select(element => (string)element.Attribute("Include")!))
        {
            string path = Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(SourceTree.Root, folder, reference))).Replace('\\', '/');
            foreach (string inner in Closure(path))
            {
                yield return inner;
            }
        }
    }
}
