using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RelayServer.UnitTests.Style;

/// <summary>How files, types and methods are cut. These rules may get stricter, never laxer.</summary>
public sealed class ShapeTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;

    private static readonly string[] EmptyNames = ["Utils", "Util", "Utilities", "Helpers", "Helper", "Common", "Manager", "Managers", "Misc"];

    private static IEnumerable<SourceFile> Files => SourceTree.Files("src", "tests", "bench");

    [Fact]
    public void Files_EachOfThem_HaveOneTopLevelTypeNamedLikeThem()
    {
        IEnumerable<string> wrong = Files
            .Where(file => file.Name != "Program" && file.Name != "GlobalUsings" && file.Name != "AssemblyInfo")
            .Select(file => (file, types: TopLevelNames(file).Distinct().ToArray()))
            .Where(pair => pair.types.Length != 1 || pair.file.Name.Split('.')[0] != pair.types[0])
            .Select(pair => $"{pair.file.Path}: {string.Join(", ", pair.types)}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void Files_EachOfThem_AreShort()
    {
        Assert.Empty(Files.Where(file => file.Text.AsSpan().Count('\n') > FileLinesMax).Select(file => file.Path));
    }

    [Fact]
    public void Methods_EachOfThem_AreShort()
    {
        IEnumerable<string> wrong = Files.SelectMany(file => file.Syntax.DescendantNodes()
            .Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
            .Where(node => LinesOf(node) > MethodLinesMax)
            .Select(node => $"{file.At(node)}: {LinesOf(node)} lines"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Names_OfFoldersAndTypes_SayWhatIsInside()
    {
        IEnumerable<string> folders = Files.Select(file => file.Path)
            .Where(path => path.Split('/')[..^1].Any(folder => EmptyNames.Contains(folder)));
        IEnumerable<string> types = Files.SelectMany(file => TopLevelNames(file)
            .Where(name => EmptyNames.Any(empty => name.EndsWith(empty, StringComparison.Ordinal)))
            .Select(name => $"{file.Path}: {name}"));

        Assert.Empty(folders.Concat(types));
    }

    [Fact]
    public void PublicTypes_EachOfThem_AreDocumented()
    {
        IEnumerable<string> wrong = SourceTree.Files("src").SelectMany(file => file.All<BaseTypeDeclarationSyntax>()
            .Where(type => type.Modifiers.Any(modifier => modifier.Text == "public") && !HasDocumentation(type))
            .Select(type => $"{file.At(type)}: {type.Identifier.Text}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Tests_EachOfThem_AreNamedMethodConditionResult()
    {
        IEnumerable<string> wrong = SourceTree.Files("tests").SelectMany(file => file.All<MethodDeclarationSyntax>()
            .Where(method => HasAttribute(method, "Fact") || HasAttribute(method, "Theory"))
            .Where(method => method.Identifier.Text.Split('_').Length < 3)
            .Select(method => $"{file.At(method)}: {method.Identifier.Text}"));

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> TopLevelNames(SourceFile file) =>
        file.Syntax.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => null,
            })
            .OfType<string>();

    private static int LinesOf(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static bool HasDocumentation(SyntaxNode node) =>
        node.GetLeadingTrivia().Any(trivia => trivia.GetStructure() is DocumentationCommentTriviaSyntax);

    private static bool HasAttribute(MemberDeclarationSyntax member, string name) =>
        member.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == name);
}
