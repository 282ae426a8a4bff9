using System.Reflection;
using System.Text.RegularExpressions;
using RelayServer.Accounts;
using RelayServer.Accounts.Http;
using RelayServer.UnitTests.Style;

namespace RelayServer.UnitTests.Accounts;

/// <summary>AUTH.md says what there is.</summary>
public sealed partial class AuthReferenceTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(SourceTree.Root, "protocol/AUTH.md"));

    [Fact]
    public void Reference_EveryEndpoint_HasARowAndEveryRowAnEndpoint()
    {
        var endpoints = new AuthEndpoints(new AuthOptions(), null!, null!, null!, null!, null!, null!, null!);

        string[] written = [.. Row().Matches(Text).Select(match => Item().Replace(match.Groups[1].Value, "/")).Order(StringComparer.Ordinal)];

        Assert.Equal(endpoints.All.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal), written);
    }

    [Fact]
    public void Reference_EveryRefusal_IsListed()
    {
        IEnumerable<AuthProblem> problems = typeof(AuthProblem).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<AuthProblem>()
            .Concat([AuthProblem.Invalid(""), AuthProblem.TooMany("", default), AuthProblem.TooManyOf("", 1), AuthProblem.ProviderRefused("")]);

        Assert.All(problems, problem => Assert.Matches($@"(?m)^\| {problem.Status} \|.*`{problem.Code}`", Text));
    }

    [GeneratedRegex(@"(?m)^\| `([A-Z]+ /[^`]*)`")]
    private static partial Regex Row();

    [GeneratedRegex("/[A-Z]+$")]
    private static partial Regex Item();
}
