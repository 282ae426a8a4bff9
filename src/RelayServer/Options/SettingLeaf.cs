using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace RelayServer.Options;

/// <summary>One value of the settings.</summary>
/// <param name="Key">Its full key; an item of a list has its number, or N where no item is meant in particular.</param>
/// <param name="Property">Where it is kept.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">What it is; null when nothing is set.</param>
internal sealed record SettingLeaf(string Key, PropertyInfo Property, Type Type, object? Value)
{
    /// <summary>Its key as the defaults have it: with N in place of the numbers of items.</summary>
    public string GeneralKey { get; } = ConfigurationPath.Combine(
        Key.Split(ConfigurationPath.KeyDelimiter).Select(part => part.All(char.IsAsciiDigit) ? SettingTree.AnyItem : part));

    /// <summary>True when the value is a secret, to be shown masked.</summary>
    public bool IsSecret { get; } =
        Property.Name.EndsWith("Password", StringComparison.Ordinal) || Property.Name.EndsWith("Secret", StringComparison.Ordinal);
}
