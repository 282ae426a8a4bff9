using System.Collections;
using Microsoft.Extensions.Configuration;
using RelayServer.Guards;

namespace RelayServer.Options;

/// <summary>
/// Where settings come from: a JSON file, then the environment, then arguments; the later wins.
/// </summary>
internal static class SettingsSource
{
    /// <summary>The beginning of the environment's names; <c>__</c> stands for the colon of a key.</summary>
    public const string EnvironmentPrefix = "RELAY_";

    /// <summary>Reads, binds and validates.</summary>
    /// <param name="file">The JSON file; null for none.</param>
    /// <param name="environment">Environment variables; those without the prefix are ignored.</param>
    /// <param name="arguments">Keys and values from the command line.</param>
    /// <exception cref="SettingsException">Something is unknown or not allowed.</exception>
    public static RelaySettings Load(
        string? file, IDictionary environment, IReadOnlyDictionary<string, string?> arguments)
    {
        Dictionary<string, string?> merged = new(StringComparer.OrdinalIgnoreCase);
        Merge(merged, file is null ? [] : ReadFile(file));
        Merge(merged, FromEnvironment(environment));
        Merge(merged, arguments);
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(merged).Build();
        var settings = new RelaySettings();
        List<string> problems = [];
        new SettingsBinder(problems).Bind(configuration, settings);
        problems.AddRange(settings.FindProblems());
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    /// <summary>The environment variable of a key.</summary>
    public static string EnvironmentNameOf(string key) =>
        EnvironmentPrefix + key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);

    // A list is one setting, whether it is written as items or in one value: a later source replaces it as a whole.
    private static void Merge(Dictionary<string, string?> merged, IEnumerable<KeyValuePair<string, string?>> source)
    {
        KeyValuePair<string, string?>[] pairs = [.. source];
        foreach (string list in SettingTree.ListKeys.Where(list => Array.Exists(pairs, pair => IsIn(pair.Key, list))))
        {
            foreach (string key in merged.Keys.Where(key => IsIn(key, list)).ToArray())
            {
                merged.Remove(key);
            }
        }

        foreach ((string key, string? value) in pairs)
        {
            merged[key] = value;
        }
    }

    private static bool IsIn(string key, string list) =>
        key.StartsWith(list, StringComparison.OrdinalIgnoreCase)
        && (key.Length == list.Length || key[list.Length] == ConfigurationPath.KeyDelimiter[0]);

    private static KeyValuePair<string, string?>[] ReadFile(string file)
    {
        try
        {
            // One handle for the mode and the text, so that what is checked is what is read.
            using FileStream stream = File.OpenRead(file);
            bool isOpen = OwnerOnlyFile.IsOpenToOthers(stream);
            KeyValuePair<string, string?>[] pairs = [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()];
            RefuseOpenSecrets(file, isOpen, pairs);
            return pairs;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"configuration file {file} cannot be read: {problem.Message}"]);
        }
        catch (Exception problem) when (problem is FormatException or System.Text.Json.JsonException or InvalidDataException)
        {
            throw new SettingsException([$"configuration file {file} is not JSON: {(problem.InnerException ?? problem).Message}"]);
        }
    }

    private static void RefuseOpenSecrets(string file, bool isOpen, KeyValuePair<string, string?>[] pairs)
    {
        string? secret = pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => pair.Key).FirstOrDefault(SettingTree.IsSecret);
        if (secret is not null && isOpen)
        {
            throw new SettingsException([$"{secret}: configuration file {file} holds this secret and others may read it; run: chmod 600 {file}"]);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry entry in environment)
        {
            string name = (string)entry.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // Other programs may use the prefix; what has no section is ours only when it is the data folder.
            string key = name[EnvironmentPrefix.Length..];
            if (key.Contains("__", StringComparison.Ordinal) || key.Equals(nameof(RelaySettings.Data), StringComparison.OrdinalIgnoreCase))
            {
                yield return new(key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)entry.Value);
            }
        }
    }
}
