using System.Reflection;

namespace RelayServer.Hosting;

/// <summary>Which build this is.</summary>
internal static class BuildVersion
{
    private const int CommitCharacters = 8;

    /// <summary>The version, with the beginning of the commit's id when the build knew it.</summary>
    public static string Text { get; } = Shorten(
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Shorten(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..Math.Min(version.Length, plus + 1 + CommitCharacters)];
    }
}
