using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RelayServer.Client;

/// <summary>Where an edge listens.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port, 1–65535.</param>
public readonly record struct RelayEndpoint(string Host, int Port)
{
    private const int PortMax = 65535;

    /// <summary>Reads <c>host:port</c>, <c>address:port</c> or <c>[v6-address]:port</c>.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is none of these.</exception>
    public static RelayEndpoint Parse(string text) =>
        TryParse(text, out RelayEndpoint endpoint)
            ? endpoint
            : throw new FormatException($"'{text}' is not an edge address; write host:port, for example 127.0.0.1:7400");

    /// <summary>Reads <c>host:port</c>, <c>address:port</c> or <c>[v6-address]:port</c>; false when it is none of these.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RelayEndpoint endpoint)
    {
        endpoint = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > PortMax)
        {
            return false;
        }

        string host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        endpoint = new RelayEndpoint(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
