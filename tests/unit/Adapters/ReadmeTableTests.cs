using System.Text.RegularExpressions;
using RelayServer.UnitTests.Style;

namespace RelayServer.UnitTests.Adapters;

/// <summary>The README says which test shows what: each of them is there.</summary>
public sealed partial class ReadmeTableTests
{
    private const string Readme = "src/RelayServer.Adapters/README.md";

    [Fact]
    public void Tables_TestsTheyName_Exist()
    {
        SourceFile[] tests = [.. SourceTree.Files("tests")];
        string[] missing = [.. Names().Where(name => !tests.Any(file => name.Split('.').All(part => HasWord(file.Text, part))))];
        Assert.Empty(missing);
        Assert.NotEmpty(Names());
    }

    // As Class.Method, Class, or Method of the class before it.
    private static List<string> Names()
    {
        List<string> names = [];
        string owner = "";
        foreach (string row in File.ReadLines(Path.Combine(SourceTree.Root, Readme)).Where(line => line.StartsWith('|')))
        {
            foreach (string name in Named().Matches(row).Select(match => match.Groups[1].Value))
            {
                bool isMethod = name.Contains('_', StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal);
                owner = isMethod ? owner : name.Split('.')[0];
                names.Add(isMethod ? $"{owner}.{name}" : name);
            }
        }

        return names;
    }

    private static bool HasWord(string text, string word) => Regex.IsMatch(text, $@"\b{word}\b");

    [GeneratedRegex("`([A-Z][A-Za-z]*(?:Tests|Contract)(?:\\.\\w+)?|[A-Z][A-Za-z]*_\\w+)`")]
    private static partial Regex Named();
}
