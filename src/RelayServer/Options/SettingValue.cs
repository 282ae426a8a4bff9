using System.Collections;
using System.Globalization;
using System.Net;
using RelayServer.Rooms;

namespace RelayServer.Options;

/// <summary>The values that settings have: how each type is read, written and described.</summary>
internal static class SettingValue
{
    /// <summary>True for the types that are one value, not a list or a class.</summary>
    public static bool IsScalar(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum || plain == typeof(string) || plain == typeof(bool) || plain == typeof(int) || plain == typeof(long)
            || plain == typeof(double) || plain == typeof(TimeSpan) || plain == typeof(Uri) || plain == typeof(IPEndPoint);
    }

    /// <summary>The type of a list's items; null when the type is no list.</summary>
    public static Type? ItemOf(Type type)
    {
        if (type == typeof(string))
        {
            return null;
        }

        return type.IsArray
            ? type.GetElementType()
            : type.GetInterfaces().Append(type).FirstOrDefault(face =>
                face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
    }

    /// <summary>Reads a value; null and <paramref name="expected"/> when the text is not one.</summary>
    public static object? Parse(Type type, string text, out string expected)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        expected = Describe(plain);
        text = text.Trim();
        if (plain == typeof(string))
        {
            return text;
        }

        if (plain.IsEnum)
        {
            // Names only: a number would be taken whatever it is.
            return Enum.GetNames(plain).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(plain, text, ignoreCase: true) : null;
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        return plain switch
        {
            _ when plain == typeof(bool) => bool.TryParse(text, out bool value) ? value : null,
            _ when plain == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int value) ? value : null,
            _ when plain == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out long value) ? value : null,
            _ when plain == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out double value) ? value : null,
            _ when plain == typeof(TimeSpan) => Duration.TryParse(text, out TimeSpan value) ? value : null,
            _ when plain == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out Uri? value) ? value : null,
            _ when plain == typeof(IPEndPoint) => ParseEndPoint(text),
            _ => throw new InvalidOperationException($"settings of type {plain} are not read"),
        };
    }

    /// <summary>A value as it would be written in a file; null when there is none.</summary>
    public static string? Format(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        TimeSpan span => Duration.Format(span),
        string text => text,
        IList { Count: 0 } => null,
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Format)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>What is allowed for a type, in words.</summary>
    public static string Describe(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain.IsEnum => string.Join(", ", Enum.GetNames(plain)),
            _ when plain == typeof(bool) => "true, false",
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number",
            _ when plain == typeof(double) => "a number",
            _ when plain == typeof(TimeSpan) => "a duration such as 500ms, 30s, 5m, 1h or 7d",
            _ when plain == typeof(Uri) => "an address such as http://127.0.0.1:4317",
            _ when plain == typeof(IPEndPoint) => "an address and port such as 127.0.0.1:7400, [::1]:7400, localhost:7400 or *:7400",
            _ => "text",
        };
    }

    private static IPEndPoint? ParseEndPoint(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            return null;
        }

        // Only the names that need no resolver: which address a server listens on must not depend on one.
        string host = text[..colon] switch { "localhost" => "127.0.0.1", "*" => "0.0.0.0", var other => other };
        bool bareV6 = host.Contains(':', StringComparison.Ordinal) && host[0] != '[';
        return !bareV6
            && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && IPAddress.TryParse(host, out IPAddress? address)
                ? new IPEndPoint(address, port)
                : null;
    }
}
