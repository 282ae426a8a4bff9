using System.CommandLine;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay config check</c>: validates settings and shows those in effect.</summary>
internal static class ConfigCommand
{
    private const string Mask = "********";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var arguments = new SettingArguments(RelayRole.Local);
        var all = new Option<bool>("--all") { Description = "Also show the settings that have their default" };
        var check = new Command("check", "Validate settings and print those in effect, secrets masked") { all };
        arguments.AddTo(check);
        check.SetAction(parsed =>
        {
            RelaySettings settings = arguments.Load(parsed);
            Write(settings, parsed.GetValue(all), parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
        return new Command("config", "Settings from file, environment (RELAY_Section__Name) and arguments") { check };
    }

    private static void Write(RelaySettings settings, bool all, TextWriter output)
    {
        Dictionary<string, string?> defaults = SettingTree.LeavesOf(new RelaySettings()).ToDictionary(leaf => leaf.Key, Show);
        int shown = 0;
        foreach (SettingLeaf leaf in SettingTree.LeavesOf(settings))
        {
            string? value = Show(leaf);
            bool changed = !defaults.TryGetValue(leaf.GeneralKey, out string? standard) || value != standard;
            if (changed || all)
            {
                output.WriteLine($"{leaf.Key} = {value}{(changed ? string.Empty : "   (default)")}");
                shown++;
            }
        }

        output.WriteLine(shown == 0 ? "All settings have their defaults; --all shows them." : "The settings are valid.");
    }

    private static string? Show(SettingLeaf leaf) => leaf.IsSecret && leaf.Value is not null ? Mask : SettingValue.Format(leaf.Value);
}
