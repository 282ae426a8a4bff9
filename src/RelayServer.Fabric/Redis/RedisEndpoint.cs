using System.Globalization;

namespace RelayServer.Fabric;

/// <summary>Where one Redis node listens.</summary>
/// <param name="Host">A name, an IPv4 address, or an IPv6 address without brackets.</param>
/// <param name="Port">Its TCP port.</param>
internal readonly record struct RedisEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c> or <c>[address]:port</c>.</summary>
    public static bool TryParse(string text, out RedisEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        bool isWhole = colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue
            && (text[0] == '[') == (text[colon - 1] == ']')
            && (text[0] == '[' || !text.AsSpan(0, colon).Contains(':'));
        if (isWhole)
        {
            endpoint = new(text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        }

        return isWhole && endpoint.Host.Length > 0;
    }

    /// <summary>As it is written in options.</summary>
    public override string ToString() =>
        (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host) + ":" + Port.ToString(CultureInfo.InvariantCulture);
}
