using System.Globalization;
using System.Reflection;

namespace RelayServer.Storage;

/// <summary>
/// The migrations of one component: the embedded resources of its assembly that end in <c>.Migrations.NNNN_name.sql</c>,
/// numbered from 1 without holes. One text serves both engines: <c>{id}</c>, <c>{int}</c>, <c>{real}</c>, <c>{text}</c> and
/// <c>{blob}</c> stand for column types, <c>{strict}</c> for what ends a table. One that was applied is never changed.
/// </summary>
public sealed class MigrationSet
{
    private const string Folder = ".Migrations.";
    private const string Suffix = ".sql";
    private const int NumberDigits = 4;

    /// <summary>Reads them.</summary>
    /// <param name="component">Names them in the database, which several components may share; 1 to 64 characters.</param>
    /// <param name="assembly">Where they are.</param>
    /// <exception cref="ArgumentException">There are none, or the numbers have holes.</exception>
    public MigrationSet(string component, Assembly assembly)
        : this(component, Read(assembly))
    {
    }

    internal MigrationSet(string component, IEnumerable<Migration> migrations)
    {
        ArgumentException.ThrowIfNullOrEmpty(component);
        Component = component;
        Migrations = [.. migrations.OrderBy(migration => migration.Number)];
        if (Migrations.Count == 0 || Migrations.Where((migration, index) => migration.Number != index + 1).Any())
        {
            throw new ArgumentException("migrations are numbered from 1 without holes", nameof(migrations));
        }
    }

    /// <summary>Names them in the database.</summary>
    public string Component { get; }

    internal IReadOnlyList<Migration> Migrations { get; }

    private static IEnumerable<Migration> Read(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            int start = resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length;
            if (start < Folder.Length || !resource.EndsWith(Suffix, StringComparison.Ordinal))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new Migration(
                int.Parse(resource.AsSpan(start, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture),
                resource[start..^Suffix.Length],
                reader.ReadToEnd());
        }
    }
}
