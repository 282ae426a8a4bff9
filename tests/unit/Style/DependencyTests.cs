using System.Reflection;
using System.Xml.Linq;

namespace RelayServer.UnitTests.Style;

/// <summary>Who may know whom: said by the projects, and by what was compiled.</summary>
public sealed class DependencyTests
{
    private const string Executable = "RelayServer";
    private const string RedisPackage = "StackExchange.Redis";

    /// <summary>Every project of src with the projects that it may reference.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["RelayServer.Protocol"] = [],
        ["RelayServer.Guards"] = [],
        ["RelayServer.Fabric"] = ["RelayServer.Protocol"],
        ["RelayServer.Identity"] = ["RelayServer.Protocol", "RelayServer.Guards"],
        ["RelayServer.Rooms"] = ["RelayServer.Protocol"],
        ["RelayServer.Edge"] = ["RelayServer.Protocol", "RelayServer.Rooms", "RelayServer.Fabric", "RelayServer.Identity"],
        ["RelayServer.Master"] = ["RelayServer.Protocol", "RelayServer.Rooms", "RelayServer.Fabric"],
        ["RelayServer.Client"] = ["RelayServer.Protocol", "RelayServer.Rooms"],
        ["RelayServer.Storage"] = [],
        ["RelayServer.Accounts"] = ["RelayServer.Protocol", "RelayServer.Guards", "RelayServer.Identity", "RelayServer.Storage"],
        ["RelayServer.Adapters"] = ["RelayServer.Guards", "RelayServer.Client", "RelayServer.Storage"],
        [Executable] =
        [
            "RelayServer.Protocol", "RelayServer.Guards", "RelayServer.Rooms", "RelayServer.Fabric", "RelayServer.Identity", "RelayServer.Edge",
            "RelayServer.Master", "RelayServer.Client", "RelayServer.Storage", "RelayServer.Accounts", "RelayServer.Adapters",
        ],
    };

    private static IEnumerable<string> Projects =>
        SourceTree.Paths("*.csproj").Where(path => path.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void ProjectReferences_EachProject_AreAmongThoseAllowed()
    {
        foreach (string project in Projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            IEnumerable<string> references = Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

            Assert.True(Allowed.ContainsKey(name), $"{project}: say in this test what it may reference");
            Assert.Subset(Allowed[name].ToHashSet(), references.ToHashSet());
        }
    }

    [Fact]
    public void CompiledReferences_EachAssembly_AreAmongThoseAllowed()
    {
        foreach (string name in Projects.Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            IEnumerable<string> references = Compiled(name).Where(reference => reference.StartsWith("RelayServer.", StringComparison.Ordinal));

            Assert.Subset(Allowed[name].ToHashSet(), references.ToHashSet());
        }
    }

    [Fact]
    public void Redis_Reference_IsTheFabricsOnly()
    {
        IEnumerable<string> declared = SourceTree.Paths("*.csproj").Where(path => Includes(path, "PackageReference").Contains(RedisPackage));
        IEnumerable<string> compiled = Projects.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => Compiled(name).Contains(RedisPackage));

        Assert.Equal(["src/RelayServer.Fabric/RelayServer.Fabric.csproj"], declared);
        Assert.All(compiled, name => Assert.Equal("RelayServer.Fabric", name));
    }

    [Fact]
    public void Protocol_Packages_AreNone()
    {
        Assert.Empty(Includes("src/RelayServer.Protocol/RelayServer.Protocol.csproj", "PackageReference"));
    }

    [Fact]
    public void Packages_EachVersion_HasALineSayingWhy()
    {
        XElement root = XElement.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"));
        foreach (XElement group in root.Elements("ItemGroup"))
        {
            Assert.True(group.Nodes().First(node => node is XComment or XElement) is XComment, $"{group.Elements().First()} has no comment above it");
        }
    }

    [Fact]
    public void Projects_EachOfThem_HaveALockFile()
    {
        Assert.All(SourceTree.Paths("*.csproj"), path =>
            Assert.True(File.Exists(Path.Combine(SourceTree.Root, Path.GetDirectoryName(path)!, "packages.lock.json")), path));
    }

    private static IEnumerable<string> Includes(string project, string element) =>
        XElement.Load(Path.Combine(SourceTree.Root, project)).Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();

    private static string[] Compiled(string project) =>
        [.. Assembly.Load(project == Executable ? "relay" : project).GetReferencedAssemblies().Select(reference => reference.Name!)];
}
