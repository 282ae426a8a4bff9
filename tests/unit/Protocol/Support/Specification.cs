using System.Text.RegularExpressions;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>PROTOCOL.md, by headings, tables, requirements and examples.</summary>
internal sealed partial class Specification
{
    private readonly string[] _lines;

    private Specification() => _lines = ProtocolFolder.Read("PROTOCOL.md").Split('\n');

    public static Specification Instance { get; } = new();

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The ids of the numbered requirements, in the order of the text.</summary>
    public IReadOnlyList<string> RequirementIds =>
        [.. _lines.Select(line => Requirement().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    /// <summary>The examples: name of the vector and hex.</summary>
    public IReadOnlyList<(string Name, string Hex)> Examples => [.. Example().Matches(string.Join('\n', _lines))
        .Select(match => (match.Groups[1].Value, HexOf(match.Groups[2].Value)))];

    public static bool IsRequirement(string line) => Requirement().IsMatch(line);

    /// <summary>
    /// The cells of the <paramref name="index"/>-th table below a heading that begins with <paramref name="heading"/>,
    /// without its head; back-ticks are taken off.
    /// </summary>
    public IReadOnlyList<string[]> Table(string heading, int index = 0)
    {
        int at = Array.FindIndex(_lines, line => line.StartsWith('#') && line.TrimStart('#', ' ').StartsWith(heading, StringComparison.Ordinal));
        Assert.True(at >= 0, $"PROTOCOL.md has no heading {heading}");
        for (at++; at < _lines.Length && !_lines[at].StartsWith('#'); at++)
        {
            if (!_lines[at].StartsWith('|'))
            {
                continue;
            }

            string[] table = [.. _lines.Skip(at).TakeWhile(line => line.StartsWith('|'))];
            if (index-- == 0)
            {
                return [.. table.Skip(2).Select(Cells)];
            }

            at += table.Length;
        }

        Assert.Fail($"PROTOCOL.md has too few tables below {heading}");
        return [];
    }

    private static string[] Cells(string row) =>
        [.. row.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", string.Empty, StringComparison.Ordinal))];

    private static string HexOf(string block) =>
        string.Concat(block.Split('\n').Select(line => line.Split(';')[0])).Replace(" ", string.Empty, StringComparison.Ordinal);

    [GeneratedRegex(@"^- \*\*(R-[A-Z]+-[0-9]+)\*\* \((client|server|both)\) ")]
    private static partial Regex Requirement();

    [GeneratedRegex(@"```vector ([a-z0-9-]+)\n([^`]*)```")]
    private static partial Regex Example();
}
