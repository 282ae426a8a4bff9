using System.ComponentModel.DataAnnotations;
using System.Reflection;
using RelayServer.Options;
using RelayServer.UnitTests.Style;

namespace RelayServer.UnitTests.Host;

/// <summary>OPTIONS.md says of every setting what the classes say.</summary>
public sealed class OptionsReferenceTests
{
    private const string Reference = "src/RelayServer/OPTIONS.md";

    [Fact]
    public void Reference_EverySetting_HasARowWithItsDefaultAndWhatIsAllowed()
    {
        string[] expected = [.. SettingTree.LeavesOf(new RelaySettings()).Select(Describe).Order(StringComparer.Ordinal)];
        string[] written = [.. Rows().Select(row => string.Join(" | ", row[..3])).Order(StringComparer.Ordinal)];

        Assert.Equal(expected, written);
    }

    [Fact]
    public void Reference_EveryRow_SaysWhatTheSettingIsFor()
    {
        Assert.All(Rows(), row => Assert.True(row.Length == 4 && row[3].EndsWith('.') && row[3].Length > 20, row[0]));
    }

    private static string Describe(SettingLeaf leaf)
    {
        string value = SettingValue.Format(leaf.Value) ?? string.Empty;
        return $"`{leaf.Key}` | {(value.Length == 0 ? "none" : $"`{value}`")} | {Allowed(leaf)}";
    }

    private static string Allowed(SettingLeaf leaf)
    {
        IEnumerable<ValidationAttribute> rules = leaf.Property.GetCustomAttributes<ValidationAttribute>(inherit: true);
        string? range = rules.OfType<RangeAttribute>().Select(SettingRule.Describe).FirstOrDefault();
        Type type = SettingValue.ItemOf(leaf.Type) ?? leaf.Type;
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return range ?? plain switch
        {
            _ when plain.IsEnum || plain == typeof(bool) => SettingValue.Describe(plain),
            _ when plain == typeof(System.Net.IPEndPoint) => "host:port",
            _ when plain == typeof(Uri) => "URL",
            _ when plain == typeof(string) => "text",
            _ => "number",
        };
    }

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(SourceTree.Root, Reference))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));
}
