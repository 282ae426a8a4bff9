using System.CommandLine;
using System.Globalization;

namespace RelayServer.Bench.Commands;

/// <summary>Makes options that say what they are, what they start from and what they allow.</summary>
internal static class OptionRules
{
    /// <summary>A whole number in a range.</summary>
    public static Option<int> Number(string name, string description, int standard, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
                && (value < min || value > max))
            {
                result.AddError($"{name} must be from {min} to {max}.");
            }
        });
        return option;
    }

    /// <summary>A number in a range.</summary>
    public static Option<double> Real(string name, string description, double standard, double min, double max)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && !(value >= min && value <= max))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be from {min} to {max}."));
            }
        });
        return option;
    }

    /// <summary>A file to write.</summary>
    public static Option<FileInfo?> File(string name, string description) => new(name) { Description = description };

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };
}
