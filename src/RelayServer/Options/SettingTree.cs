using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace RelayServer.Options;

/// <summary>Walks the tree of settings classes.</summary>
internal static class SettingTree
{
    /// <summary>Stands in a key for the number of an item where none is meant in particular.</summary>
    public const string AnyItem = "N";

    /// <summary>The keys of the settings that are lists.</summary>
    public static IReadOnlyList<string> ListKeys { get; } = [.. ListKeysOf(typeof(RelaySettings), string.Empty)];

    /// <summary>The properties of a class that are settings.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod?.IsPublic == true);

    /// <summary>Every value of a tree with its key. An empty list of classes is shown by one item with the defaults, numbered N.</summary>
    public static IEnumerable<SettingLeaf> LeavesOf(object node, string prefix = "")
    {
        foreach (PropertyInfo property in PropertiesOf(node.GetType()))
        {
            string key = ConfigurationPath.Combine([.. prefix.Length == 0 ? Array.Empty<string>() : [prefix], property.Name]);
            object? value = property.GetValue(node);
            Type? item = SettingValue.ItemOf(property.PropertyType);
            if (SettingValue.IsScalar(property.PropertyType) || (item is not null && SettingValue.IsScalar(item)))
            {
                yield return new SettingLeaf(key, property, property.PropertyType, value);
                continue;
            }

            IReadOnlyList<string> hidden = property.GetCustomAttribute<WithoutAttribute>()?.Names ?? [];
            IEnumerable<SettingLeaf> leaves = item is null
                ? LeavesOf(value ?? Create(property.PropertyType), key).Where(leaf => !hidden.Contains(leaf.Property.Name))
                : LeavesOfList(value, item, key);
            foreach (SettingLeaf leaf in leaves)
            {
                yield return leaf;
            }
        }
    }

    /// <summary>True when a key names a secret.</summary>
    public static bool IsSecret(string key) =>
        LeavesOf(new RelaySettings()).Any(leaf => leaf.IsSecret && leaf.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>An object with its defaults.</summary>
    public static object Create(Type type) =>
        Activator.CreateInstance(type) ?? throw new InvalidOperationException($"{type} cannot be made");

    /// <summary>A copy of a section; lists in it are shared.</summary>
    public static T Copy<T>(T node)
        where T : new()
    {
        var copy = new T();
        foreach (PropertyInfo property in PropertiesOf(typeof(T)))
        {
            property.SetValue(copy, property.GetValue(node));
        }

        return copy;
    }

    private static IEnumerable<string> ListKeysOf(Type type, string prefix) => PropertiesOf(type)
        .Where(property => !SettingValue.IsScalar(property.PropertyType))
        .SelectMany(property => SettingValue.ItemOf(property.PropertyType) is null
            ? ListKeysOf(property.PropertyType, prefix + property.Name + ConfigurationPath.KeyDelimiter)
            : [prefix + property.Name]);

    private static IEnumerable<SettingLeaf> LeavesOfList(object? value, Type item, string key)
    {
        object[] items = value is IEnumerable list ? [.. list.Cast<object>()] : [];
        if (items.Length == 0)
        {
            return LeavesOf(Create(item), ConfigurationPath.Combine(key, AnyItem));
        }

        return items.SelectMany((node, index) => LeavesOf(node, ConfigurationPath.Combine(key, index.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }
}
