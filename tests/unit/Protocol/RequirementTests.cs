using System.Text.RegularExpressions;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Every numbered requirement of PROTOCOL.md is named by a test: <c>[Trait("Must", "R-…")]</c>.</summary>
public sealed partial class RequirementTests
{
    [Fact]
    public void Requirements_Ids_AreUnique()
    {
        Assert.NotEmpty(Specification.Instance.RequirementIds);
        Assert.Equal(Specification.Instance.RequirementIds.Distinct(), Specification.Instance.RequirementIds);
    }

    [Fact]
    public void Requirements_EveryMust_HasAnId()
    {
        IEnumerable<string> unnumbered = Specification.Instance.Lines
            .Where(line => line.Contains("MUST", StringComparison.Ordinal) && !Specification.IsRequirement(line))
            .Where(line => !line.StartsWith("Requirements are numbered", StringComparison.Ordinal));
        Assert.Empty(unnumbered);
    }

    [Fact]
    public void Requirements_EveryId_SaysMust() =>
        Assert.All(
            Specification.Instance.Lines.Where(Specification.IsRequirement),
            line => Assert.Contains("MUST", line, StringComparison.Ordinal));

    [Fact]
    public void Requirements_Each_IsNamedByATest() =>
        Assert.Empty(Specification.Instance.RequirementIds.Except(NamedByTests()));

    [Fact]
    public void Requirements_NamedByTests_Exist() =>
        Assert.Empty(NamedByTests().Except(Specification.Instance.RequirementIds));

    private static HashSet<string> NamedByTests() =>
    [
        .. Directory.EnumerateFiles(ProtocolFolder.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(path => Named().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value),
    ];

    [GeneratedRegex(@"\[Trait\(""Must"", ""(R-[A-Z]+-[0-9]+)""\)\]")]
    private static partial Regex Named();
}
