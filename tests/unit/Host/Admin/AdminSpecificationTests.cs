using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using RelayServer.Http.Admin;
using RelayServer.Protocol;
using RelayServer.UnitTests.Style;

namespace RelayServer.UnitTests.Host;

/// <summary>ADMIN.md says what the code does.</summary>
public sealed partial class AdminSpecificationTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "protocol/ADMIN.md"));

    [Fact]
    public void Verbs_Table_HasAllOfThem() => Assert.Equal(ControlJson.Verbs, Table("## Changing").Select(row => row[0].Trim('`')));

    [Fact]
    public void Limits_Table_HasTheirValues() => Assert.Equal(
        typeof(AdminLimits).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"`{field.Name}` {field.GetRawConstantValue()}"),
        Table("## Limits").Select(row => $"{row[0]} {row[1]}"));

    [Fact]
    public void Statuses_Table_HasThoseOfEveryCode()
    {
        Dictionary<int, string> rows = Table("## Errors").ToDictionary(row => int.Parse(row[0], CultureInfo.InvariantCulture), row => row[1]);
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None))
        {
            int status = AdminReply.StatusOf(code);

            // The rows of the two families name some and mean the rest.
            Assert.True(rows.TryGetValue(status, out string? codes), $"{code}: {status}");
            Assert.True(status is 400 or 503 || Regex.IsMatch(codes!, $@"\b{code}\b"), $"{code}: {status}");
        }

        foreach (Match name in CodeName().Matches(string.Join(' ', rows.Values)))
        {
            Assert.True(Enum.TryParse(name.Value, out ErrorCode _), name.Value);
        }
    }

    [Fact]
    public void Examples_AllOfThem_AreJson()
    {
        string[] examples = [.. Example().Matches(string.Join('\n', Lines)).Select(match => match.Groups[1].Value)];

        Assert.True(examples.Length >= 5);
        Assert.All(examples, example => JsonDocument.Parse(example).Dispose());
    }

    private static IEnumerable<string[]> Table(string heading) => Lines
        .SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex("```json\n([^`]*)```")]
    private static partial Regex Example();

    [GeneratedRegex("[A-Z][a-z]+[A-Z][A-Za-z]+")]
    private static partial Regex CodeName();
}
