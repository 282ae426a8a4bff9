using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RelayServer.UnitTests.Style;

/// <summary>What is not written here. These rules may get stricter, never laxer.</summary>
public sealed partial class BanTests
{
    private static readonly string[] ConsoleFolders = ["src/RelayServer/Cli/", "src/RelayServer/Hosting/", "src/RelayServer/Program.cs"];

    private static readonly string[] TextPatterns = ["*.cs", "*.csproj", "*.props", "*.md", "*.json", "*.yml", "*.js", "*.mjs", "*.py", "*.lua", "Dockerfile", "run"];

    [Fact]
    public void Tests_Waiting_IsForEventsNotForTime()
    {
        AssertNoAccess(SourceTree.Files("tests"), "Thread.Sleep", "Task.Delay");
    }

    [Fact]
    public void Sources_BlockingAThread_IsNotDone()
    {
        AssertNoAccess(SourceTree.Files("src"), "Thread.Sleep");
    }

    [Fact]
    public void Sources_LocalTime_IsNotUsed()
    {
        AssertNoAccess(SourceTree.Files("src", "tests", "bench"), "DateTime.Now", "DateTimeOffset.Now", "DateTime.Today");
    }

    [Fact]
    public void Sources_Console_IsTheCommandLinesOnly()
    {
        IEnumerable<SourceFile> files = SourceTree.Files("src").Where(file => !ConsoleFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)));

        AssertNoAccess(files, "Console.Write", "Console.WriteLine", "Console.Out", "Console.Error", "Console.In", "Console.ReadLine");
    }

    [Fact]
    public void Sources_AsyncVoid_IsNotUsed()
    {
        IEnumerable<string> wrong = SourceTree.Files("src", "tests", "bench").SelectMany(file => file.All<MethodDeclarationSyntax>()
            .Where(method => method.Modifiers.Any(modifier => modifier.Text == "async") && method.ReturnType.ToString() == "void")
            .Select(file.At));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Sources_TaskCompletionSource_ContinuesAsynchronously()
    {
        IEnumerable<string> wrong = SourceTree.Files("src").SelectMany(file => file.All<BaseObjectCreationExpressionSyntax>()
            .Where(IsTaskCompletionSource)
            .Where(creation => creation.ArgumentList?.ToString().Contains("RunContinuationsAsynchronously", StringComparison.Ordinal) != true)
            .Select(file.At));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Logs_EventIds_AreGivenAndUnique()
    {
        var ids = SourceTree.Files("src").SelectMany(file => file.All<AttributeSyntax>()
            .Where(attribute => attribute.Name.ToString() == "LoggerMessage")
            .Select(attribute => (Id: EventId(attribute), At: file.At(attribute)))).ToArray();

        Assert.Empty(ids.Where(log => log.Id is null).Select(log => log.At));
        Assert.Empty(ids.GroupBy(log => log.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(log => log.At))}"));
    }

    [Fact]
    public void Texts_UnfinishedMarksAndMachinePaths_AreNotThere()
    {
        IEnumerable<string> wrong = TextPatterns.SelectMany(SourceTree.Paths).SelectMany(path =>
            File.ReadLines(Path.Combine(SourceTree.Root, path))
                .Select((line, index) => (line, at: $"{path}:{index + 1}"))
                .Where(pair => UnfinishedMark().IsMatch(pair.line) || MachinePath().IsMatch(pair.line))
                .Select(pair => $"{pair.at}: {pair.line.Trim()}"));

        Assert.Empty(wrong);
    }

    // Written with classes of one letter, so that the patterns do not find themselves.
    [GeneratedRegex(@"\b([T]ODO|[H]ACK|[F]IXME|[X]XX)\b")]
    private static partial Regex UnfinishedMark();

    // Folders of somebody's machine.
    [GeneratedRegex(@"(?<![\w.~}])/([w]ork|[U]sers|[r]oot)/|[C]:\\Users")]
    private static partial Regex MachinePath();

    private static void AssertNoAccess(IEnumerable<SourceFile> files, params string[] banned)
    {
        IEnumerable<string> wrong = files.SelectMany(file => file.All<MemberAccessExpressionSyntax>()
            .Where(access => banned.Any(name => access.ToString() == name || access.ToString().EndsWith("." + name, StringComparison.Ordinal)))
            .Select(access => $"{file.At(access)}: {access}"));

        Assert.Empty(wrong);
    }

    private static bool IsTaskCompletionSource(BaseObjectCreationExpressionSyntax creation) => creation switch
    {
        ObjectCreationExpressionSyntax named => named.Type.ToString().StartsWith("TaskCompletionSource", StringComparison.Ordinal),
        _ => creation.Parent?.Parent?.Parent is VariableDeclarationSyntax variable
            && variable.Type.ToString().StartsWith("TaskCompletionSource", StringComparison.Ordinal),
    };

    private static string? EventId(AttributeSyntax attribute) => attribute.ArgumentList?.Arguments
        .Where((argument, index) => argument.NameEquals?.Name.ToString() == "EventId"
            || (argument.NameEquals is null && index == 0 && argument.Expression is LiteralExpressionSyntax))
        .Select(argument => argument.Expression.ToString()).FirstOrDefault();
}
