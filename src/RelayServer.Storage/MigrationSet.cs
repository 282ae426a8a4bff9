using System.Globalization;

namespace RelayServer.Storage;

/// <summary>
/// The migrations of one component: the embedded resources <c>NNNN_name.sql</c> of the folder <c>Migrations</c> beside one of its types, numbered
/// from 1 without holes. One text serves both engines: <c>{id}</c>, <c>{int}</c>, <c>{real}</c>, <c>{text}</c> and
/// <c>{blob}</c> stand for column types, <c>{strict}</c> for what ends a table. One that was applied is never changed.
/// </summary>
public sealed class MigrationSet
{
    private const string Folder = "Migrations";
    private const string Suffix = ".sql";
    private const int NumberDigits = 4;

    /// <summary>Reads them.</summary>
    /// <param name="component">Names them in the database, which several components may share; 1 to 64 characters.</param>
    /// <param name="neighbour">A type in whose namespace, which is its folder, they are: several components may be in one assembly.</param>
    /// <exception cref="ArgumentException">There are none, or the numbers have holes.</exception>
    public MigrationSet(string component, Type neighbour)
        : this(component, Read(neighbour))
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

    private static IEnumerable<Migration> Read(Type neighbour)
    {
        ArgumentNullException.ThrowIfNull(neighbour);
        string folder = $"{neighbour.Namespace}.{Folder}.";
        foreach (string resource in neighbour.Assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(folder, StringComparison.Ordinal) || !resource.EndsWith(Suffix, StringComparison.Ordinal))
            {
                continue;
            }

            using var reader = new StreamReader(neighbour.Assembly.GetManifestResourceStream(resource)!);
            yield return new Migration(
                int.Parse(resource.AsSpan(folder.Length, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture),
                resource[folder.Length..^Suffix.Length],
                reader.ReadToEnd());
        }
    }
}
