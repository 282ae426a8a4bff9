using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace RelayServer.Options;

/// <summary>
/// Puts a configuration into a tree of settings. Unlike the framework's binder it refuses unknown keys, and says for
/// every bad value which key it is and what is allowed there.
/// </summary>
/// <param name="problems">Takes what is wrong, a line each.</param>
internal sealed class SettingsBinder(IList<string> problems)
{
    /// <summary>Binds the children of a section to the properties of an object, and validates the outcome.</summary>
    public void Bind(IConfiguration section, object target, string prefix = "", IReadOnlyList<string>? hidden = null)
    {
        PropertyInfo[] properties = [.. SettingTree.PropertiesOf(target.GetType()).Where(property => hidden?.Contains(property.Name) != true)];
        HashSet<PropertyInfo> explained = [];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = Array.Find(properties, candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                string? meant = Suggestion.For(child.Key, properties.Select(candidate => candidate.Name));
                problems.Add(Key(prefix, child.Key) + ": there is no such setting"
                    + (meant is null ? "; relay config check --all lists them" : $"; did you mean {Key(prefix, meant)}?"));
                continue;
            }

            int before = problems.Count;
            BindProperty(child, property, target, Key(prefix, property.Name));
            if (problems.Count > before)
            {
                explained.Add(property);
            }
        }

        // What could not be read has its own line; a rule would only judge what is left of it.
        foreach (PropertyInfo property in properties.Where(property => !explained.Contains(property)))
        {
            Validate(property, target, Key(prefix, property.Name));
        }
    }

    private static string Key(string prefix, string name) => prefix.Length == 0 ? name : ConfigurationPath.Combine(prefix, name);

    private void BindProperty(IConfigurationSection child, PropertyInfo property, object target, string key)
    {
        Type type = property.PropertyType;
        if (SettingValue.IsScalar(type))
        {
            BindScalar(child, property, target, key);
        }
        else if (SettingValue.ItemOf(type) is { } item)
        {
            property.SetValue(target, BindList(child, item, key));
        }
        else
        {
            object node = property.GetValue(target) ?? SettingTree.Create(type);
            property.SetValue(target, node);
            Bind(child, node, key, property.GetCustomAttribute<WithoutAttribute>()?.Names);
        }
    }

    private void BindScalar(IConfigurationSection child, PropertyInfo property, object target, string key)
    {
        if (child.Value is null)
        {
            if (child.GetChildren().Any())
            {
                problems.Add($"{key}: is one value, not a section; expected {SettingValue.Describe(property.PropertyType)}");
            }

            return;
        }

        bool optional = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
        if (child.Value.Length == 0 && optional)
        {
            property.SetValue(target, null);
            return;
        }

        object? value = Parse(property.PropertyType, child.Value, key);
        if (value is not null)
        {
            property.SetValue(target, value);
        }
    }

    // A list is replaced as a whole: a shorter list in a file must not keep the tail of the defaults.
    private IList BindList(IConfigurationSection child, Type item, string key)
    {
        var list = (IList)SettingTree.Create(typeof(List<>).MakeGenericType(item));
        if (child.Value is { Length: > 0 } line && SettingValue.IsScalar(item))
        {
            foreach (string part in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Add(list, Parse(item, part, key));
            }
        }

        foreach (IConfigurationSection entry in child.GetChildren())
        {
            string entryKey = ConfigurationPath.Combine(key, entry.Key);
            if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                problems.Add($"{entryKey}: {key} is a list; its items are numbered from 0");
            }
            else if (SettingValue.IsScalar(item))
            {
                Add(list, Parse(item, entry.Value ?? string.Empty, entryKey));
            }
            else
            {
                object node = SettingTree.Create(item);
                Bind(entry, node, entryKey);
                list.Add(node);
            }
        }

        return list;
    }

    private static void Add(IList list, object? value)
    {
        if (value is not null)
        {
            list.Add(value);
        }
    }

    private object? Parse(Type type, string text, string key)
    {
        object? value = SettingValue.Parse(type, text, out string expected);
        if (value is null)
        {
            problems.Add($"{key}: \"{text}\" is not allowed; expected {expected}");
        }

        return value;
    }

    private void Validate(PropertyInfo property, object target, string key)
    {
        object? value = property.GetValue(target);
        foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>(inherit: true))
        {
            if (!rule.IsValid(value))
            {
                string shown = SettingValue.Format(value) ?? "nothing";
                problems.Add($"{key}: {(shown.Length == 0 ? "nothing" : shown)} is not allowed; allowed: {SettingRule.Describe(rule)}");
            }
        }
    }
}
